// Reads HTTP/1.1 messages off a socket with as little work as counting them takes.

export interface MessageHandlers {
  /** The head, without its last blank line. */
  head: (head: string) => void
  /** A piece of the body; valid until this returns. */
  body: (bytes: Uint8Array) => void
  end: () => void
}

export interface MessageReader {
  push: (chunk: Uint8Array) => void
}

/** What comes next on the wire. */
type Phase = 'head' | 'fixed' | 'chunk-size' | 'chunk-data' | 'chunk-end' | 'trailer'

const LF = 10
const maxHead = 16 * 1024

/** Reads message after message. Bodies are framed by `content-length` or by chunks, as this benchmark's peers write them. */
export function messageReader({ head, body, end }: MessageHandlers): MessageReader {
  let phase: Phase = 'head'
  let left = 0
  /** A head or a line that the network cut. */
  let partial = ''

  function finish(): void {
    phase = 'head'
    end()
  }

  function readHead(chunk: Uint8Array, start: number): number {
    const before = partial.length
    const text = partial + latin1(chunk, start, Math.min(chunk.length, start + maxHead))
    const stop = text.indexOf('\r\n\r\n')
    if (stop < 0) {
      partial = text
      return chunk.length
    }
    partial = ''
    const whole = text.slice(0, stop)
    const length = Number(/^content-length: *(\d+)/im.exec(whole)?.[1] ?? 0)
    left = length
    phase = /^transfer-encoding: *chunked/im.test(whole) ? 'chunk-size' : 'fixed'
    head(whole)
    if (phase === 'fixed' && left === 0) finish()
    return start + stop + 4 - before
  }

  function readLine(chunk: Uint8Array, start: number): number {
    const stop = chunk.indexOf(LF, start)
    partial += latin1(chunk, start, stop < 0 ? chunk.length : stop)
    if (stop < 0) return chunk.length
    const line = partial.trimEnd()
    partial = ''
    if (phase === 'trailer') {
      if (line === '') finish()
    } else if (phase === 'chunk-end') phase = 'chunk-size'
    else {
      left = Number.parseInt(line, 16)
      phase = left === 0 ? 'trailer' : 'chunk-data'
    }
    return stop + 1
  }

  function readData(chunk: Uint8Array, start: number): number {
    const stop = Math.min(chunk.length, start + left)
    left -= stop - start
    body(chunk.subarray(start, stop))
    if (left === 0 && phase === 'fixed') finish()
    else if (left === 0) phase = 'chunk-end'
    return stop
  }

  const readers: Record<Phase, (chunk: Uint8Array, start: number) => number> = {
    head: readHead,
    fixed: readData,
    'chunk-data': readData,
    'chunk-size': readLine,
    'chunk-end': readLine,
    trailer: readLine,
  }
  return {
    push(chunk) {
      for (let at = 0; at < chunk.length;) at = readers[phase](chunk, at)
    },
  }
}

const latin1 = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).latin1Slice()
