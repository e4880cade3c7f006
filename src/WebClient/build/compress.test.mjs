import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const here = import.meta.dirname

let folder

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'compress-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true })
})

describe('assets', () => {
  it('are compressed wherever the repository lies', async () => {
    const root = join(folder, 'my work, 100%20 done')
    const build = join(root, 'src/WebClient/build')
    const assets = join(root, 'artifacts/webclient/assets')
    await Promise.all([mkdir(build, { recursive: true }), mkdir(assets, { recursive: true })])
    await copyFile(join(here, 'compress.mjs'), join(build, 'compress.mjs'))
    await Promise.all([writeFile(join(assets, 'long.js'), 'a'.repeat(2_000)), writeFile(join(assets, 'short.js'), 'a')])
    await run(process.execPath, [join(build, 'compress.mjs')])
    expect((await readdir(assets)).sort()).toEqual(['long.js', 'long.js.br', 'long.js.gz', 'short.js'])
  })
})
