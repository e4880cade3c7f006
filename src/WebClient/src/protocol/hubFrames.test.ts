import { describe, expect, it } from 'vitest'
import { encodeInvocation, handshakeRequest, readHandshake, readRecord, RecordSplitter } from './hubFrames'

const end = '\u001e'

describe('RecordSplitter', () => {
  it('gives a record when it is whole, however it was cut', () => {
    const splitter = new RecordSplitter()
    expect(splitter.push('{"ty')).toEqual([])
    expect(splitter.push('pe":6}')).toEqual([])
    expect(splitter.push(end)).toEqual(['{"type":6}'])
  })

  it('gives all the records that came together and keeps the rest', () => {
    const splitter = new RecordSplitter()
    expect(splitter.push(`a${end}b${end}c`)).toEqual(['a', 'b'])
    expect(splitter.push(`d${end}`)).toEqual(['cd'])
  })
})

describe('hub records', () => {
  it('begins with the handshake of the JSON protocol', () => {
    expect(handshakeRequest).toBe(`{"protocol":"json","version":1}${end}`)
    expect(readHandshake('{}')).toBeUndefined()
    expect(readHandshake('{"error":"no"}')).toBe('no')
  })

  it('writes a call with one argument', () => {
    expect(encodeInvocation('7', 'Post', { text: 'hi' })).toBe(
      `{"type":1,"invocationId":"7","target":"Post","arguments":[{"text":"hi"}]}${end}`,
    )
  })

  it('reads what a server sends', () => {
    expect(readRecord('{"type":1,"target":"welcome","arguments":[{"a":1}]}')).toEqual({
      type: 'invocation',
      target: 'welcome',
      body: { a: 1 },
    })
    expect(readRecord('{"type":3,"invocationId":"7","result":{"ok":true}}')).toMatchObject({ type: 'completion', result: { ok: true } })
    expect(readRecord('{"type":3,"invocationId":"7","error":"bad"}')).toMatchObject({ type: 'completion', error: 'bad' })
    expect(readRecord('{"type":6}')).toEqual({ type: 'ping' })
    expect(readRecord('{"type":7,"error":"bye"}')).toEqual({ type: 'close', error: 'bye' })
    expect(readRecord('{"type":99}')).toEqual({ type: 'unknown' })
  })

  it('takes anything else for no hub record', () => {
    expect(() => readRecord('nonsense')).toThrow(SyntaxError)
    expect(() => readRecord('5')).toThrow(SyntaxError)
  })
})
