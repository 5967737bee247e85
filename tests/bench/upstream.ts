// The fake provider: static replies, so that the work measured is the proxy's.

import { createServer, type Server, type Socket } from 'node:net'
import { messageReader } from './message.ts'
import {
  anthropicReply,
  anthropicStream,
  imageReply,
  openaiReply,
  openaiStream,
  type StreamScript,
} from './replies.ts'

const megabyte = 1024 * 1024
const pieceBytes = 64 * 1024

/** A stream's head and events, each as the bytes of one write. */
interface StreamFrames {
  before: Buffer
  delta: Buffer
  after: Buffer
}

const chunk = (text: string): Buffer =>
  Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`)

const streamHead =
  'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\nx-request-id: req_bench\r\ntransfer-encoding: chunked\r\n\r\n'

function frames({ before, delta, after }: StreamScript): StreamFrames {
  return {
    before: Buffer.concat([Buffer.from(streamHead), ...before.map(chunk)]),
    delta: chunk(delta),
    after: Buffer.concat([...after.map(chunk), Buffer.from('0\r\n\r\n')]),
  }
}

const whole = (body: string): Buffer =>
  Buffer.from(
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: req_bench\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )

const streams = {
  openai: frames(openaiStream(false)),
  openaiWithUsage: frames(openaiStream(true)),
  anthropic: frames(anthropicStream()),
}

export interface Upstream {
  port: number
  /** Tells that the caller has the last event of a stream: the next one may leave. */
  advance(stream: string): void
  close(): void
}

/**
 * Streams go event by event: each leaves when the caller has the one before it, so that every event
 * travels alone and the proxy, not a timer, sets the pace.
 */
function stream(socket: Socket, { before, delta, after }: StreamFrames, body: string): () => void {
  let left = Number(/events=(\d+)/.exec(body)?.[1]) - 1
  socket.write(before)
  socket.write(delta)
  return () => {
    if (left-- > 0) socket.write(delta)
    else socket.write(after)
  }
}

/** Large replies leave in pieces, each when the one before is on its way. */
function writePieces(socket: Socket, bytes: Buffer): void {
  let offset = 0
  const next = (): void => {
    while (offset < bytes.length && !socket.destroyed) {
      const end = Math.min(bytes.length, offset + pieceBytes)
      const flowing = socket.write(bytes.subarray(offset, end))
      offset = end
      if (!flowing) {
        socket.once('drain', next)
        return
      }
    }
  }
  next()
}

const streamsAt = (path: string, body: string): StreamFrames => {
  if (path === anthropicPath) return streams.anthropic
  return body.includes('"include_usage":true') ? streams.openaiWithUsage : streams.openai
}

export const openaiPath = '/v1/chat/completions'
export const anthropicPath = '/v1/messages'
export const generationsPath = '/v1/images/generations'
export const editsPath = '/v1/images/edits'

const small: Record<string, Buffer | undefined> = {
  [openaiPath]: whole(openaiReply),
  [anthropicPath]: whole(anthropicReply),
  [editsPath]: whole(imageReply(96)),
}
const bigImage = whole(imageReply(6 * megabyte))

const nothing = Buffer.from('HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n')

/** Listens on a loopback port of its own. */
export function startUpstream(): Promise<Upstream> {
  const waiting = new Map<string, () => void>()

  function answer(socket: Socket, path: string, body: string): void {
    const name = body.includes('"stream":true') ? /stream=(\w+)/.exec(body)?.[1] : undefined
    if (name !== undefined) waiting.set(name, stream(socket, streamsAt(path, body), body))
    else if (path === generationsPath) writePieces(socket, bigImage)
    else socket.write(small[path] ?? nothing)
  }

  const server = createServer({ noDelay: true }, (socket) => serve(socket, answer))
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: portOf(server),
        advance: (name) => waiting.get(name)?.(),
        close: () => server.close(),
      }),
    )
  })
}

function serve(socket: Socket, answer: (socket: Socket, path: string, body: string) => void): void {
  let path = ''
  let body = ''
  const reader = messageReader({
    head(head) {
      path = head.slice(head.indexOf(' ') + 1, head.indexOf(' HTTP'))
      body = ''
    },
    body(bytes) {
      // Uploads are consumed and forgotten.
      if (path === editsPath) return
      body += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).latin1Slice()
    },
    end: () => answer(socket, path, body),
  })
  socket.on('data', (bytes) => reader.push(bytes))
  socket.on('error', () => socket.destroy())
}

function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The upstream has no port')
  return address.port
}
