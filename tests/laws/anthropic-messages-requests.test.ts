import { describe, expect, it } from 'vitest'
import type { ChatRequest, Message } from '#core/chat'
import { anthropicMessages } from '#protocols/anthropic-messages/index'
import { caught } from '../kit/codec.ts'
import { assistant, call, decode, encode, result, text, user } from './anthropic-messages-kit.ts'

describe('the conversation', () => {
  it('gathers the results of one turn in one message, before anything else', () => {
    const { body, lost } = encode({
      messages: [
        user(text('Go')),
        assistant(call('a'), call('b')),
        user(result('a', '1')),
        user(text('And?'), result('b', '2')),
        user(text('Well?')),
      ],
    })
    expect(body['messages']).toEqual([
      { role: 'user', content: 'Go' },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'a', name: 'look', input: {} },
          { type: 'tool_use', id: 'b', name: 'look', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: '1' },
          { type: 'tool_result', tool_use_id: 'b', content: '2' },
          { type: 'text', text: 'And?' },
          { type: 'text', text: 'Well?' },
        ],
      },
    ])
    expect(lost).toEqual(['messages'])
  })

  it('keeps a later system message where the model takes it, and moves it where not', () => {
    const messages: Message[] = [
      user(text('One')),
      { role: 'system', content: [text('Be brief.')] },
      assistant(text('Two')),
      user(text('Three')),
    ]
    expect(encode({ messages }).lost).toEqual([])
    const moved = encode({ messages, system: [text('Be kind.')] }, { can: ['tools'] })
    expect(moved.lost).toEqual(['messages[1]'])
    expect(moved.body['system']).toEqual([text('Be kind.'), text('Be brief.')])
    const misplaced = encode({
      messages: [user(text('One')), ...messages.slice(1, 2), user(text('?'))],
    })
    expect(misplaced.lost).toEqual(['messages[1]'])
    expect(misplaced.body['system']).toBe('Be brief.')
  })

  it('asks to go on where an answer cannot be continued', () => {
    const messages = [user(text('Count')), assistant(text('One, two,'))]
    expect(encode({ messages }).lost).toEqual([])
    const { body, lost } = encode({ messages }, { rejects: ['prefill'] })
    expect(lost).toEqual(['messages'])
    expect(body['messages']).toHaveLength(3)
  })

  it('gives back only its own thoughts', () => {
    const thought = (protocol: string) => ({
      type: 'reasoning' as const,
      text: 'Hm',
      signature: { protocol, value: 'c2ln' },
    })
    const messages = [user(text('Hi')), assistant(thought('gemini'), text('Yes')), user(text('?'))]
    const { body, lost } = encode({ messages })
    expect(lost).toEqual(['messages[1].content[0]'])
    expect(JSON.stringify(body)).not.toContain('Hm')
    const mine = [user(text('Hi')), assistant(thought('anthropic-messages')), user(text('?'))]
    expect(encode({ messages: mine }).lost).toEqual([])
  })

  it('moves what the assistant drew to the user, and says what it spoke', () => {
    const image = {
      type: 'file' as const,
      mediaType: 'image/png',
      source: { base64: 'iVBORw0KGgo=' },
    }
    const sound = { ...image, mediaType: 'audio/wav', transcript: 'Good day' }
    const { body, lost } = encode({
      messages: [user(text('Draw')), assistant(image, sound), user(text('Nice'))],
    })
    expect(lost).toEqual(['messages[1].content[0]', 'messages[1].content[1]'])
    expect(body['messages']).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: 'Good day' },
      { role: 'user', content: [{ type: 'text', text: 'Nice' }, { type: 'image' }] },
    ])
  })
})

describe('files', () => {
  const image = (url: string) =>
    encode({ messages: [user({ type: 'file', mediaType: 'image/*', source: { url } })] })

  it('become what the vendor takes', () => {
    expect(image('data:image/webp;base64,UklGRg==').body['messages']).toEqual([
      {
        role: 'user',
        content: [
          {
            type: 'image',
            source: { type: 'base64', media_type: 'image/webp', data: 'UklGRg==' },
          },
        ],
      },
    ])
    expect(JSON.stringify(image('data:image/jpg;base64,/9j/4AA=').body)).toContain('"image/jpeg"')
    expect(JSON.stringify(image('https://example.com/a.png').body)).toContain('"type":"url"')
  })

  it.each(['audio/wav', 'video/mp4', 'image/bmp', 'application/zip'])(
    'that cannot be carried are refused by name: %s',
    (mediaType) => {
      const part = { type: 'file' as const, mediaType, source: { base64: 'AAAA' } }
      const thrown = caught(() => encode({ messages: [user(text('Look'), part)] }))
      expect(thrown).toMatchObject({
        kind: 'unsupported',
        details: { param: 'messages[0].content[1]' },
      })
    },
  )
})

describe('tools', () => {
  const look = { type: 'function' as const, name: 'look' }

  it('have names the vendor allows, which replies spell back', () => {
    const name = 'files.read/utf-8 🦜'
    const { body, lost } = encode({
      tools: [{ ...look, name }],
      toolChoice: { name },
      messages: [user(text('Go')), assistant(call('call:1', name)), user(result('call:1', 'ok'))],
    })
    expect(lost).toEqual([])
    const wire = JSON.parse(JSON.stringify(body))
    const spelt: string = wire.tools[0].name
    expect(spelt).toMatch(/^[a-zA-Z0-9_-]{1,128}$/)
    expect(wire.tool_choice.name).toBe(spelt)
    expect(wire.messages[1].content[0]).toMatchObject({ name: spelt })
    expect(wire.messages[1].content[0].id).toBe(wire.messages[2].content[0].tool_use_id)
    const reply = anthropicMessages.reply.decode({
      id: 'msg_1',
      content: [{ type: 'tool_use', id: 'toolu_1', name: spelt, input: {} }],
    })
    expect(reply.candidates[0].content[0]).toMatchObject({ name })
  })

  it('with names that are too long are cut, and reported', () => {
    const long = { ...look, name: 'x'.repeat(200) }
    const { body, lost } = encode({ tools: [long, { ...look, name: 'x'.repeat(201) }] })
    const names = JSON.parse(JSON.stringify(body)).tools.map((tool: { name: string }) => tool.name)
    expect(new Set(names).size).toBe(2)
    expect(names[0]).toHaveLength(128)
    expect(lost).toEqual(['tools[0].name', 'tools[1].name'])
  })

  it('of free text are functions with one field, in both directions', () => {
    const { body, lost } = encode({
      tools: [{ type: 'custom', name: 'shell' }],
      messages: [
        user(text('List')),
        assistant({ ...call('a', 'shell', 'ls -l'), kind: 'custom' }),
        user(result('a', 'files')),
      ],
    })
    expect(lost).toEqual(['tools[0]'])
    expect(body['tools']).toMatchObject([{ name: 'shell', input_schema: { required: ['input'] } }])
    expect(JSON.stringify(body['messages'])).toContain('"input":{"input":"ls -l"}')
  })

  it('are called with an object: empty is {}, anything else is refused with its path', () => {
    const of = (input: string) =>
      caught(() => encode({ messages: [user(text('?')), assistant(call('a', 'look', input))] }))
    expect(of('')).toBeUndefined()
    expect(of('{"a":')).toMatchObject({
      kind: 'invalid_request',
      details: { param: 'messages[1].content[0].input' },
    })
    expect(of('[]')).toMatchObject({ kind: 'invalid_request' })
  })

  it('may be called one at a time', () => {
    const { body, lost } = encode({ tools: [look], parallelToolCalls: false })
    expect(body['tool_choice']).toEqual({ type: 'auto', disable_parallel_tool_use: true })
    expect(lost).toEqual([])
    expect(encode({ parallelToolCalls: false }).body).not.toHaveProperty('tool_choice')
    expect(
      decode({ tool_choice: { type: 'auto', disable_parallel_tool_use: true } }),
    ).toMatchObject({ toolChoice: 'auto', parallelToolCalls: false })
  })

  it('cannot be forced on a model that always reasons, and switch reasoning off on others', () => {
    const forced: Partial<ChatRequest> = {
      tools: [look],
      toolChoice: 'required',
      reasoning: { effort: 'high' },
    }
    const always = encode(forced, { reasoning: ['effort'] })
    expect(always.lost).toEqual(['toolChoice'])
    expect(always.body).toMatchObject({
      tool_choice: { type: 'auto' },
      thinking: { type: 'adaptive' },
    })
    const other = encode(forced, { reasoning: ['effort', 'off'] })
    expect(other.lost).toEqual(['reasoning'])
    expect(other.body).toMatchObject({
      tool_choice: { type: 'any' },
      thinking: { type: 'disabled' },
    })
  })
})
