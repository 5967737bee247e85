// What is asked: one case for each kind of traffic.

import { picture } from './replies.ts'
import { anthropicPath, editsPath, generationsPath, openaiPath } from './upstream.ts'

export type Kind = 'chat' | 'stream' | 'media'

export interface Case {
  /** What `--only` looks in. */
  id: string
  title: string
  kind: Kind
  path: string
  contentType: string
  /** The body, with what the upstream is to do put into the question. */
  body(script: string): Uint8Array
  connections: number
  /** One of the few that a quick run is content with. */
  main: boolean
}

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value))

const system = 'You know all about birds. Answer in one short paragraph.'
const question =
  'What makes the songs of mockingbirds special, and how many can one bird learn in its life?'

const openaiBody = (model: string, rest: object) => (script: string) =>
  json({
    model,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: script === '' ? question : `${question} ${script}` },
    ],
    max_completion_tokens: 1024,
    ...rest,
  })

const anthropicBody = (model: string, rest: object) => (script: string) =>
  json({
    model,
    max_tokens: 1024,
    system,
    messages: [{ role: 'user', content: script === '' ? question : `${question} ${script}` }],
    ...rest,
  })

const openaiModel = 'openai/gpt-6-luna'
const anthropicModel = 'anthropic/claude-haiku-5-5'

const chat = { kind: 'chat', contentType: 'application/json', connections: 32 } as const
const stream = { kind: 'stream', contentType: 'application/json', connections: 32 } as const
const media = { kind: 'media', connections: 4 } as const

const boundary = 'mimus-bench-boundary'

const field = (name: string, value: string): string =>
  `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`

const upload = (): Buffer =>
  Buffer.concat([
    Buffer.from(field('model', 'openai/gpt-image-2') + field('prompt', 'Add a mockingbird')),
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="image"; filename="bird.png"\r\ncontent-type: image/png\r\n\r\n`,
    ),
    picture(8 * 1024 * 1024),
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])

export const cases: readonly Case[] = [
  {
    ...chat,
    id: 'chat-same',
    main: true,
    title: 'chat, OpenAI -> OpenAI',
    path: openaiPath,
    body: openaiBody(openaiModel, {}),
  },
  {
    ...chat,
    id: 'chat-anthropic-openai',
    main: true,
    title: 'chat, Anthropic -> OpenAI',
    path: anthropicPath,
    body: anthropicBody(openaiModel, {}),
  },
  {
    ...chat,
    id: 'chat-openai-anthropic',
    main: false,
    title: 'chat, OpenAI -> Anthropic',
    path: openaiPath,
    body: openaiBody(anthropicModel, {}),
  },
  {
    ...stream,
    id: 'stream-same',
    main: true,
    title: 'stream, OpenAI -> OpenAI',
    path: openaiPath,
    body: openaiBody(openaiModel, { stream: true }),
  },
  {
    ...stream,
    id: 'stream-anthropic-openai',
    main: true,
    title: 'stream, Anthropic -> OpenAI',
    path: anthropicPath,
    body: anthropicBody(openaiModel, { stream: true }),
  },
  {
    ...stream,
    id: 'stream-openai-anthropic',
    main: false,
    title: 'stream, OpenAI -> Anthropic',
    path: openaiPath,
    body: openaiBody(anthropicModel, { stream: true }),
  },
  {
    ...media,
    id: 'image-out',
    main: true,
    title: '8 MB image out',
    path: generationsPath,
    contentType: 'application/json',
    body: () =>
      json({ model: 'openai/gpt-image-2', prompt: 'A mockingbird', output_format: 'png' }),
  },
  {
    ...media,
    id: 'image-in',
    main: true,
    title: '8 MB image in',
    path: editsPath,
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: upload,
  },
]

/** The request on the wire. */
export function wireRequest(which: Case, script = ''): Uint8Array {
  const body = which.body(script)
  const version = which.path === anthropicPath ? 'anthropic-version: 2023-06-01\r\n' : ''
  const head =
    `POST ${which.path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer bench\r\n` +
    `content-type: ${which.contentType}\r\naccept: */*\r\nuser-agent: bench\r\n${version}content-length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}
