// The callers: a closed loop of connections on raw sockets, so that little of the machine goes to asking.

import { connect, type Socket } from 'node:net'
import { messageReader } from './message.ts'

export interface Load {
  port: number
  /** One whole HTTP request for each connection, sent again and again. */
  requests: readonly Uint8Array[]
  milliseconds: number
  /** For streams: the text of an event, and what to do when a caller has seen it. */
  token?: string
  seen?: (connection: number) => void
}

/** Microseconds, one for each reply; first tokens only where a token was looked for. */
export interface LoadResult {
  times: number[]
  firstTokens: number[]
}

/** Milliseconds after which a reply is taken to have stalled. */
const patience = 10_000

/** Asks for as long as told and waits for the last replies. @throws Error for a reply that is not a success. */
export async function load(options: Load): Promise<LoadResult> {
  const result: LoadResult = { times: [], firstTokens: [] }
  const until = performance.now() + options.milliseconds
  await Promise.all(options.requests.map((_, index) => caller(options, index, until, result)))
  return result
}

function caller(
  { port, requests, token, seen }: Load,
  index: number,
  until: number,
  result: LoadResult,
): Promise<void> {
  const request = requests[index] ?? new Uint8Array()
  const wanted = token === undefined ? undefined : Buffer.from(token)
  return new Promise((resolve, reject) => {
    let sent = 0
    let tokens = 0
    let refusal: string | undefined
    const fail = (message: string): void => {
      reject(new Error(message))
      socket.destroy()
    }
    const send = (): void => {
      sent = performance.now()
      tokens = 0
      socket.write(request)
    }
    const reader = messageReader({
      head(head) {
        if (!head.startsWith('HTTP/1.1 200')) refusal = head.slice(0, head.indexOf('\r\n'))
      },
      body(bytes) {
        if (refusal !== undefined) refusal += ` ${Buffer.from(bytes).toString().slice(0, 300)}`
        if (wanted === undefined) return
        const here = occurrences(bytes, wanted)
        if (here > 0 && tokens === 0) result.firstTokens.push((performance.now() - sent) * 1000)
        tokens += here
        for (let left = here; left > 0; left--) seen?.(index)
      },
      end() {
        const now = performance.now()
        if (refusal !== undefined) return fail(refusal)
        if (wanted !== undefined && tokens === 0) return fail('A stream ended without a token')
        result.times.push((now - sent) * 1000)
        if (now < until) send()
        else socket.end()
      },
    })
    const socket = open(port, (bytes) => reader.push(bytes))
    socket.setTimeout(patience, () => fail('A reply stalled'))
    socket.once('connect', send)
    socket.once('error', reject)
    socket.once('close', () => {
      if (performance.now() < until) reject(new Error('A connection was closed half way'))
      else resolve()
    })
  })
}

function occurrences(bytes: Uint8Array, wanted: Buffer): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let count = 0
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length))
    count++
  return count
}

/** A socket that reads into one buffer of its own. */
function open(port: number, receive: (bytes: Uint8Array) => void): Socket {
  return connect({
    port,
    host: '127.0.0.1',
    noDelay: true,
    onread: {
      buffer: Buffer.allocUnsafe(64 * 1024),
      callback(length, buffer) {
        receive(buffer.subarray(0, length))
        return true
      },
    },
  })
}

/**
 * Opens streams and leaves them open. Resolves when each has shown its first token; the result ends them.
 * @throws Error when one is refused or closed.
 */
export async function hold({ port, requests, token = '' }: Load): Promise<() => Promise<void>> {
  const sockets = requests.map((request) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.write(request)
    return socket
  })
  const close = async (): Promise<void> => {
    await Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve).destroy())),
    )
  }
  try {
    await Promise.all(sockets.map((socket) => firstToken(socket, token)))
  } catch (thrown) {
    await close()
    throw thrown
  }
  return close
}

function firstToken(socket: Socket, token: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1')
      if (text.startsWith('HTTP/1.1 200') && text.includes(token)) resolve()
    })
    socket.once('error', reject)
    socket.once('close', () => reject(new Error(`A stream was closed: ${text.slice(0, 300)}`)))
  })
}
