import { describe, expect, it } from 'vitest'
import { utf8 } from '#core/bytes'
import type { SseEvent } from '#core/protocol'
import { encodeSse, sseSplitter } from '#protocols/sse'

const streams = {
  plain: 'data: one\n\ndata: two\n\n',
  named: 'event: a\ndata: {"x":1}\n\nevent: b\nid: 7\ndata: \n\n',
  carriage: 'event: a\r\ndata: 1\r\n\r\ndata: 2\r\n\r\n',
  oldMac: 'data: 1\r\rdata: 2\r\r',
  comments: ': keep-alive\n\ndata: ok\n\n:\n\n',
  lines: 'data: one\ndata:two\ndata\n\n',
  unicode: 'data: 日本語 🦜 é\n\n',
  bom: '\uFEFFdata: first\n\n',
  unterminated: 'data: one\n\ndata: [DONE]',
  unknown: 'retry: 10\nfoo: bar\ndata: x\n\n',
}

function read(chunks: Uint8Array[]): { events: SseEvent[]; bytes: string } {
  const splitter = sseSplitter()
  const splits = [...chunks.map((chunk) => splitter.push(chunk)), splitter.finish()]
  return {
    events: splits.flatMap((split) => split?.events ?? []),
    bytes: splits
      .map((split) =>
        new TextDecoder('utf-8', { ignoreBOM: true, fatal: false }).decode(split?.bytes),
      )
      .join(''),
  }
}

describe('server-sent events', () => {
  for (const [name, text] of Object.entries(streams)) {
    const bytes = utf8.encode(text)
    const whole = read([bytes])

    it(`are the same however the network cuts them: ${name}`, () => {
      for (let cut = 0; cut <= bytes.length; cut++) {
        const parts = [bytes.slice(0, cut), bytes.slice(cut)].filter((part) => part.length > 0)
        expect(read(parts), `cut at ${cut}`).toEqual(whole)
      }
      expect(read([...bytes].map((byte) => new Uint8Array([byte])))).toEqual(whole)
    })

    it(`are forwarded byte for byte: ${name}`, () => {
      expect(whole.bytes).toBe(text)
    })
  }

  it('follow the grammar', () => {
    expect(read([utf8.encode(streams.named)]).events).toEqual([
      { event: 'a', data: '{"x":1}' },
      { event: 'b', data: '', id: '7' },
    ])
    expect(read([utf8.encode(streams.lines)]).events).toEqual([{ data: 'one\ntwo\n' }])
    expect(read([utf8.encode(streams.comments)]).events).toEqual([{ data: 'ok' }])
    expect(read([utf8.encode(streams.oldMac)]).events).toEqual([{ data: '1' }, { data: '2' }])
    expect(read([utf8.encode(streams.bom)]).events).toEqual([{ data: 'first' }])
    expect(read([utf8.encode(streams.unterminated)]).events).toEqual([
      { data: 'one' },
      { data: '[DONE]' },
    ])
  })

  it('encode to what decodes to them', () => {
    for (const event of [{ data: 'a\nb' }, { event: 'x', data: '{}' }, { data: '', id: '1' }])
      expect(read([utf8.encode(encodeSse(event))]).events).toEqual([event])
  })

  it('hand out nothing of an event before it is whole', () => {
    const splitter = sseSplitter()
    expect(splitter.push(utf8.encode('data: one\n'))).toBeUndefined()
    expect(splitter.push(utf8.encode('\ndata: t'))?.events).toEqual([{ data: 'one' }])
  })
})
