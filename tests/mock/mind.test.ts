import { describe, expect, it } from 'vitest'
import type { ChatRequest, FunctionTool, JsonSchema } from '#core/chat'
import { toBase64 } from '#core/bytes'
import type { Model } from '#core/provider'
import { drawImage, probe } from '#mock/media/index'
import { fromBase64 } from '#core/bytes'
import { think } from '#mock/mind'
import { countRequest, countTokens } from '#core/tokens'
import { createWorld } from '#mock/world'
import { chatRequest, models, says, textOfReply } from '../kit/mock-provider.ts'

const model = (id: string): Model | undefined => models.find((one) => one.id === id)
const reply = (changes: Partial<ChatRequest>) => think(chatRequest(changes), model('plain-1'))
const textFor = async (changes: Partial<ChatRequest>) => textOfReply(await reply(changes))
const finish = async (changes: Partial<ChatRequest>) => (await reply(changes)).candidates[0].finish

describe('what the mind says', () => {
  it('is about what the user said last', async () => {
    expect(await textFor(says('Tell me about otters'))).toContain('Tell me about otters')
  })

  it('is the same for the same request, whatever its ids and way of delivery', async () => {
    const call = (id: string): Partial<ChatRequest> => ({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', content: [{ type: 'tool-call', id, name: 'f', input: '{}' }] },
        {
          role: 'user',
          content: [{ type: 'tool-result', id, output: [{ type: 'text', text: '7' }] }],
        },
      ],
    })
    expect(await textFor(call('one'))).toBe(await textFor({ ...call('two'), stream: true }))
    expect((await reply(call('one'))).id).toBe((await reply(call('two'))).id)
  })

  it('is another one for another seed or another candidate', async () => {
    const texts = await Promise.all([1, 2, 3, 4, 5, 6].map((seed) => textFor({ seed })))
    expect(new Set(texts).size).toBeGreaterThan(1)
    const { candidates } = await reply({ candidates: 6 })
    expect(candidates).toHaveLength(6)
    expect(new Set(candidates.map((one) => JSON.stringify(one.content))).size).toBeGreaterThan(1)
  })

  it.each([
    ['Reply with exactly: pong and more', 'pong and more'],
    ['Say only "I am a teapot"', 'I am a teapot'],
    ["Respond with just 'yes'.", 'yes'],
    ['Reply with the word OK', 'OK'],
    ['Answer with only the word maybe, nothing else', 'maybe'],
    ['Say this is a test', 'this is a test'],
    ['Repeat after me: one two three', 'one two three'],
    ['reply with the text: "A: B"', 'A: B'],
  ])('obeys %j', async (order, wanted) => {
    expect(await textFor(says(order))).toBe(wanted)
  })

  it('obeys the system text, and the user before it', async () => {
    const system: ChatRequest['system'] = [{ type: 'text', text: 'Reply only with "Beep"' }]
    expect(await textFor({ system, ...says('What is up?') })).toBe('Beep')
    expect(await textFor({ system, ...says('Reply with exactly: Boop') })).toBe('Boop')
  })

  it('writes as the system text wants it', async () => {
    const told = (text: string): Partial<ChatRequest> => ({
      system: [{ type: 'text', text }],
      ...says('Tell me about Otters'),
    })
    const loud = await textFor(told('Always answer in uppercase.'))
    expect(loud).toBe(loud.toUpperCase())
    expect((await textFor(told('Answer in one word.'))).split(/\s+/)).toHaveLength(1)
    expect((await textFor(told('Answer in at most 5 words.'))).split(/\s+/)).toHaveLength(5)
    expect(await textFor(told('Answer in one sentence.'))).not.toMatch(/[.!?]\s/)
  })

  it('ends at the token limit', async () => {
    const { candidates, usage } = await reply({ maxOutputTokens: 5, ...says('Tell me much') })
    expect(candidates[0].finish).toEqual({ reason: 'length' })
    expect(usage.outputTokens).toBeLessThanOrEqual(5)
    expect(countTokens(textOfReply({ candidates }))).toBe(usage.outputTokens)
  })

  it('ends before the first stop sequence and names it', async () => {
    const order = says('Reply with exactly: one, two. three')
    expect(await textFor({ ...order, stop: ['three', '. '] })).toBe('one, two')
    expect(await finish({ ...order, stop: ['three', '. '] })).toEqual({
      reason: 'stop',
      sequence: '. ',
    })
    expect(await finish({ ...order, stop: ['four'] })).toEqual({ reason: 'stop' })
  })

  it('names the attached files with their kind and size', async () => {
    const png = await drawImage({ prompt: 'x', width: 40, height: 30, format: 'png' })
    const content: ChatRequest['messages'] = [
      {
        role: 'user',
        content: [
          { type: 'file', mediaType: 'image/png', source: { base64: toBase64(png) } },
          { type: 'file', mediaType: 'application/pdf', source: { url: 'https://a.test/b.pdf' } },
          { type: 'text', text: 'What are these?' },
        ],
      },
    ]
    const text = await textFor({ messages: content })
    expect(text).toContain('a PNG image of 40 x 30 pixels')
    expect(text).toContain('a PDF document at https://a.test/b.pdf')
  })
})

const weather: FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'Looks up the current weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, unit: { enum: ['celsius', 'fahrenheit'] } },
    required: ['city'],
  },
}
const mail: FunctionTool = {
  type: 'function',
  name: 'sendEmail',
  description: 'Sends a message to somebody',
  parameters: {
    type: 'object',
    properties: { to: { type: 'string', format: 'email' }, body: { type: 'string' } },
    required: ['to', 'body'],
  },
}
const add: FunctionTool = {
  type: 'function',
  name: 'add_numbers',
  parameters: {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'number' } },
    required: ['a', 'b'],
  },
}
const tools = [weather, mail, add]

async function calls(text: string, changes: Partial<ChatRequest> = {}) {
  const { candidates } = await reply({ tools, ...says(text), ...changes })
  return candidates[0].content.flatMap((part) =>
    part.type === 'tool-call' ? [{ name: part.name, input: JSON.parse(part.input) }] : [],
  )
}

describe('the tools the mind calls', () => {
  it('are those the user speaks of, with arguments from the text', async () => {
    expect(await calls('What is the weather in San Francisco, in fahrenheit?')).toEqual([
      { name: 'get_weather', input: { city: 'San Francisco', unit: 'fahrenheit' } },
    ])
    expect(await calls('Please add the numbers 12 and 30.5')).toEqual([
      { name: 'add_numbers', input: { a: 12, b: 30.5 } },
    ])
    expect(await calls('Email ann@example.com "See you at eight"')).toEqual([
      { name: 'sendEmail', input: { to: 'ann@example.com', body: 'See you at eight' } },
    ])
  })

  it('have what the text gives for optional arguments too', async () => {
    const numbers = { a: { type: 'number' }, b: { type: 'number' } }
    const schemas: [string, JsonSchema, object][] = [
      ['Use divide on 10 and 4', { properties: numbers }, { a: 10, b: 4 }],
      ['Use divide on 10 and 4', { properties: numbers, required: ['a'] }, { a: 10, b: 4 }],
      ['Use divide on 10', { properties: numbers, required: ['b'] }, { b: 10 }],
      ['Use divide on "x"', { properties: { what: { type: 'string' } } }, { what: 'x' }],
      ['Use divide in Paris', { properties: { city: { type: 'string' } } }, { city: 'Paris' }],
      ['Use divide', { properties: numbers }, {}],
    ]
    for (const [text, schema, input] of schemas) {
      const tool: FunctionTool = {
        type: 'function',
        name: 'divide',
        parameters: { type: 'object', ...schema },
      }
      expect(await calls(text, { tools: [tool] }), text).toEqual([{ name: 'divide', input }])
    }
  })

  it('are none for small talk, unless one is required', async () => {
    expect(await calls('Hello, how are you?')).toEqual([])
    expect(await calls('Hello, how are you?', { toolChoice: 'required' })).toHaveLength(1)
    expect(await calls('Hello', { toolChoice: { name: 'add_numbers' } })).toMatchObject([
      { name: 'add_numbers' },
    ])
    expect(await calls('Weather in Rome', { toolChoice: 'none' })).toEqual([])
  })

  it('are several when several things are asked for, and one when that is not allowed', async () => {
    const text = 'Compare the weather in Paris, London and New York'
    const cities = (await calls(text)).map(({ input }) => input.city)
    expect(cities).toEqual(['Paris', 'London', 'New York'])
    expect(await calls(text, { parallelToolCalls: false })).toHaveLength(1)
    const both = await calls('Get the weather in Oslo and email it to bo@example.com')
    expect(both.map(({ name }) => name)).toEqual(['get_weather', 'sendEmail'])
  })

  it('are answered once their results are there', async () => {
    const { candidates } = await reply({
      tools,
      toolChoice: 'required',
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'Weather in Rome?' }] },
        {
          role: 'assistant',
          content: [{ type: 'tool-call', id: '1', name: 'get_weather', input: '{"city":"Rome"}' }],
        },
        {
          role: 'user',
          content: [
            { type: 'tool-result', id: '1', output: [{ type: 'text', text: '31 degrees, sunny' }] },
          ],
        },
      ],
    })
    expect(candidates[0].finish.reason).toBe('stop')
    expect(textOfReply({ candidates })).toContain('31 degrees, sunny')
  })

  it('may take free text', async () => {
    const { candidates } = await reply({
      tools: [{ type: 'custom', name: 'shell' }],
      ...says('Use the shell: `ls -la`'),
    })
    expect(candidates[0].content).toMatchObject([
      { name: 'shell', input: 'ls -la', kind: 'custom' },
    ])
  })
})

describe('the rest of a reply', () => {
  const thinking = (changes: Partial<ChatRequest>) => think(chatRequest(changes), model('thinker'))

  it('has thoughts where they are asked for, and counts them', async () => {
    const { candidates, usage } = await thinking({ reasoning: { effort: 'low', visible: true } })
    const [thought, text] = candidates[0].content
    expect(thought).toMatchObject({
      type: 'reasoning',
      text: expect.stringContaining('Hello there'),
    })
    expect(text?.type).toBe('text')
    expect(usage.reasoningTokens).toBeGreaterThan(0)
    expect(usage.outputTokens).toBe(
      (usage.reasoningTokens ?? 0) + countTokens(textOfReply({ candidates })),
    )
  })

  it('has hidden thoughts that only cost', async () => {
    const { candidates, usage } = await thinking({ reasoning: { effort: 'high' } })
    expect(candidates[0].content.map(({ type }) => type)).toEqual(['text'])
    expect(usage.reasoningTokens).toBeGreaterThan(0)
  })

  it('has no thoughts where they are switched off or the model has none', async () => {
    const off = await thinking({ reasoning: { effort: 'none', visible: true } })
    expect(off.candidates[0].content.map(({ type }) => type)).toEqual(['text'])
    const unable = await reply({ reasoning: { effort: 'high', visible: true } })
    expect(unable.usage.reasoningTokens).toBeUndefined()
  })

  it('has pictures of the asked shape', async () => {
    const { candidates } = await think(
      chatRequest({ modalities: ['text', 'image'], image: { aspectRatio: '16:9' } }),
      model('artist'),
    )
    const file = candidates[0].content.find((part) => part.type === 'file')
    const source = file?.type === 'file' && 'base64' in file.source ? file.source.base64 : ''
    expect(probe(fromBase64(source))).toEqual({ mediaType: 'image/png', width: 1344, height: 768 })
  })

  it('is spoken when sound is asked for', async () => {
    const { candidates, usage } = await think(
      chatRequest({ modalities: ['text', 'audio'], audio: { format: 'wav' }, ...says('Say ahoy') }),
      model('artist'),
    )
    const [sound] = candidates[0].content
    expect(sound).toMatchObject({ type: 'file', mediaType: 'audio/wav', transcript: 'ahoy' })
    const source = sound?.type === 'file' && 'base64' in sound.source ? sound.source.base64 : ''
    expect(probe(fromBase64(source))?.seconds).toBeGreaterThan(0.3)
    expect(usage.outputAudioTokens).toBeGreaterThan(0)
  })

  it('counts what was cached before, within a scope and a lifetime', async () => {
    let time = 0
    const world = createWorld({ now: () => time })
    const system: ChatRequest['system'] = [
      { type: 'text', text: 'A long handbook. '.repeat(50), cache: { ttl: '5m' } },
    ]
    const usage = async (text: string, scope = 'a') =>
      (await think(chatRequest({ system, ...says(text) }), undefined, { world, scope })).usage
    const first = await usage('One')
    expect(first).toMatchObject({
      cacheReadTokens: 0,
      inputTokens: countRequest(chatRequest({ system, ...says('One') })),
    })
    expect(first.cacheWriteTokens).toBeGreaterThan(100)
    expect(await usage('Two')).toMatchObject({
      cacheReadTokens: first.cacheWriteTokens,
      cacheWriteTokens: 0,
    })
    expect(await usage('Two', 'b')).toMatchObject({ cacheReadTokens: 0 })
    time = 301_000
    expect(await usage('Three')).toMatchObject({ cacheReadTokens: 0 })
  })
})
