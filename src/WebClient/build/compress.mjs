// Puts .br and .gz beside each asset of the built client: compressed once, as small as can be, and never again for any reader.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** Below this there is nothing to gain. */
const bytesMin = 1_024

const assets = fileURLToPath(new URL('../../../artifacts/webclient/assets', import.meta.url))
const brotli = promisify(brotliCompress)
const zip = promisify(gzip)

const texts = (await readdir(assets)).filter((name) => /\.(?:js|css|svg)$/.test(name))
await Promise.all(
  texts.map(async (name) => {
    const path = join(assets, name)
    const bytes = await readFile(path)
    if (bytes.length < bytesMin) return
    const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } }
    await Promise.all([writeFile(`${path}.br`, await brotli(bytes, best)), writeFile(`${path}.gz`, await zip(bytes, { level: 9 }))])
  }),
)
