// Amazon Bedrock: what its adapter sends, and how the requests are signed.

import { describe, expect, it } from 'vitest'
import { drawImage } from '#mock/media/index'
import { toBase64 } from '#core/bytes'
import type { ChatRequest } from '#core/chat'
import { collect } from '#core/events'
import type { WireRequest } from '#core/transport'
import { createInternet } from '#mock/internet'
import bedrock from '../../providers/bedrock/index.ts'
import { sign } from '../../providers/bedrock/sign.ts'
import { callOn, failure, jsonBody } from '../kit/adapter-call.ts'

const claude = 'global.anthropic.claude-opus-5-5'

const request = (changes: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'any',
  system: [],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Say hello to the mockingbird' }] }],
  tools: [],
  stream: false,
  unread: [],
  ...changes,
})

const ask = async (changes: Partial<ChatRequest> = {}, id = claude) => {
  const one = callOn(bedrock, id)
  const { chat } = bedrock.adapters
  if (chat?.run === undefined) throw new Error('Bedrock does not chat')
  return { ...one, reply: await collect(await chat.run(request(changes), one.call)) }
}

/** What AWS documents for a day on which everyone signs with these (SigV4 test suite). */
const credentials = 'AKIDEXAMPLE:wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY:'
const context = {
  settings: { region: 'us-east-1', auth: 'sigv4' },
  now: () => Date.UTC(2026, 10, 24, 12, 30, 45, 678),
  send: () => Promise.reject(new Error('Nothing is sent to sign')),
}
const text = '{"messages":[{"role":"user","content":[{"text":"Olá (*)"}]}]}'
const wire: WireRequest = {
  method: 'POST',
  url: 'https://bedrock-runtime.us-east-1.amazonaws.com/model/amazon.nova-pro-v1%3A0/converse',
  headers: { 'content-type': 'application/json' },
  body: text,
}

/** `AwsV4Signer` of aws4fetch 1.0.20, for the same requests. */
const signedPost =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=e55e8d67d11b516b59dda171608aad3e39a08705b2ed308de3af12b22fb4f690'
const signedWithToken =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date;x-amz-security-token, Signature=601ca3dc83f35f1b5b16ab52195bd4bd55a02cedb265745fd63dea9bde99e9b5'
const signedGet =
  'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date, Signature=86767ba143530f0144ab8ad0c31e82bc3b59ad79b5732bb181b5a04af9a99fc5'

describe('Bedrock', () => {
  it('is set up by an API key before AWS credentials, in the region named', () => {
    const setup = (variables: Record<string, string>) => bedrock.setup?.((name) => variables[name])
    const keys = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 'secret' }
    expect(setup({})).toBeUndefined()
    expect(setup({ AWS_ACCESS_KEY_ID: 'AKID' })).toBeUndefined()
    expect(setup({ ...keys, AWS_REGION: 'eu-west-3' })).toEqual({
      key: 'AKID:secret:',
      origin: 'https://bedrock-runtime.eu-west-3.amazonaws.com',
      settings: { region: 'eu-west-3', auth: 'sigv4' },
    })
    expect(setup({ ...keys, AWS_BEARER_TOKEN_BEDROCK: 'bearer' })).toMatchObject({
      key: 'bearer',
      settings: { auth: 'bearer' },
    })
  })

  it('signs as aws4fetch 1.0.20 does', async () => {
    const signature = async (request: WireRequest, key = credentials): Promise<unknown> =>
      (await sign(request, key, context)).headers['authorization']
    expect(await signature(wire)).toBe(signedPost)
    expect(await signature({ ...wire, headers: {} }, `${credentials}the+token/==`)).toBe(
      signedWithToken,
    )
    const { body: _, ...bare } = wire
    const url = 'https://bedrock-runtime.us-east-1.amazonaws.com/a%20b/c?z=1&a=%21x%2Ay&a=1'
    expect(await signature({ ...bare, method: 'GET', url })).toBe(signedGet)
  })

  it('signs a body that is a stream, and sends it as it was', async () => {
    const { body: signed, headers } = await sign(
      { ...wire, body: new Response(text).body ?? text },
      credentials,
      context,
    )
    expect(headers['authorization']).toBe(signedPost)
    expect(signed).toEqual(new TextEncoder().encode(text))
  })

  it('answers a signed request, and refuses one signed for another region', async () => {
    const { send } = createInternet([bedrock])
    const one = callOn(bedrock, claude, {
      send: async (unsigned) =>
        send(await sign({ ...unsigned, headers: {} }, credentials, context)),
    })
    const { chat } = bedrock.adapters
    const reply = await chat?.run?.(request({ stream: true }), one.call)
    expect(
      reply === undefined ? undefined : (await collect(reply)).candidates[0].finish.reason,
    ).toBe('stop')
    const elsewhere = { ...context, settings: { ...context.settings, region: 'eu-west-1' } }
    const refused = await send(await sign(wire, credentials, elsewhere))
    expect(refused.status).toBe(403)
    expect(refused.header('x-amzn-errortype')).toBe('UnrecognizedClientException')
  })

  it('names the reply by the request id and the model, which the wire does not say', async () => {
    const { reply } = await ask()
    expect(reply.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-/)
    expect(reply.model).toBe(claude)
  })

  it('sends the bytes of a picture behind a URL', async () => {
    const bytes = await drawImage({ prompt: 'a bird', width: 16, height: 16, format: 'png' })
    const url = `data:image/png;base64,${toBase64(bytes)}`
    const part = { type: 'file', mediaType: 'image/*', source: { url } } as const
    const { sent } = await ask({ messages: [{ role: 'user', content: [part] }] })
    expect(jsonBody(sent[0])).toMatchObject({
      messages: [{ content: [{ image: { format: 'png', source: { bytes: toBase64(bytes) } } }] }],
    })
  })

  it('steers each family by its own names', async () => {
    const oss = await ask({ reasoning: { effort: 'max' } }, 'openai.gpt-oss-120b-1:0')
    expect(jsonBody(oss.sent[0])['additionalModelRequestFields']).toEqual({
      reasoning_effort: 'high',
    })
    expect(oss.lost).toEqual(['reasoning.effort'])
    const nova = await ask({ topK: 20 }, 'amazon.nova-pro-v1:0')
    expect(jsonBody(nova.sent[0])['additionalModelRequestFields']).toEqual({
      inferenceConfig: { topK: 20 },
    })
    const thinker = await ask({ reasoning: { effort: 'high' } })
    expect(jsonBody(thinker.sent[0])).toMatchObject({
      additionalModelRequestFields: { thinking: { type: 'adaptive' } },
      outputConfig: { effort: 'high' },
    })
  })

  it('declares again what was called before, which the vendor wants', async () => {
    const { sent, lost } = await ask({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
        {
          role: 'assistant',
          content: [{ type: 'tool-call', id: 'c1', name: 'weather', input: '{}' }],
        },
        {
          role: 'user',
          content: [{ type: 'tool-result', id: 'c1', output: [{ type: 'text', text: 'Sun' }] }],
        },
      ],
    })
    expect(jsonBody(sent[0])['toolConfig']).toEqual({
      tools: [{ toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } } } }],
    })
    expect(lost).toEqual(['tools'])
  })

  it('refuses what it cannot carry, by its place', async () => {
    const part = { type: 'file', mediaType: 'image/*', source: { reference: 'file-1' } } as const
    const outcome = ask({ messages: [{ role: 'user', content: [part] }] })
    expect(await failure(outcome)).toMatchObject({
      kind: 'unsupported',
      details: { param: 'messages[0].content[0]' },
    })
  })
})
