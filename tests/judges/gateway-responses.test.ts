import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { testGateway } from '../kit/gateway.ts'

function clientOf(options: Parameters<typeof testGateway>[0] = {}, apiKey = 'mock') {
  const gateway = testGateway(options)
  const { fetch, url } = gateway
  return { gateway, client: new OpenAI({ apiKey, baseURL: `${url}/v1`, fetch, maxRetries: 0 }) }
}

describe.each(['gpt-6.1-sol', 'claude-opus-5-5', 'gemini-3.8-flash'])(
  'the Responses API with %s',
  (model) => {
    it('answers whole', async () => {
      const { client } = clientOf()
      const response = await client.responses.create({
        model,
        input: 'Reply with exactly: Good morning',
      })
      expect(response.output_text).toBe('Good morning')
      expect(response).toMatchObject({
        object: 'response',
        status: 'completed',
        error: null,
        previous_response_id: null,
      })
      expect(response.id).toMatch(/^resp_/)
      expect(response.usage?.total_tokens).toBe(
        (response.usage?.input_tokens ?? 0) + (response.usage?.output_tokens ?? 0),
      )
    })

    it('streams in order, and the helper folds it', async () => {
      const { client } = clientOf()
      const stream = client.responses.stream({ model, input: 'Reply with exactly: Good morning' })
      const types: string[] = []
      const numbers: number[] = []
      for await (const event of stream) {
        types.push(event.type)
        numbers.push(event.sequence_number)
      }
      expect(types.slice(0, 2)).toEqual(['response.created', 'response.in_progress'])
      expect(types.at(-1)).toBe('response.completed')
      expect(numbers).toEqual(numbers.map((_, index) => index))
      expect((await stream.finalResponse()).output_text).toBe('Good morning')
    })

    it('remembers the conversation, whole and streamed', async () => {
      const { client, gateway } = clientOf()
      const first = await client.responses.create({ model, input: 'My name is Ada.' })
      const second = await client.responses.create({
        model,
        input: 'What is my name?',
        previous_response_id: first.id,
      })
      expect(second.previous_response_id).toBe(first.id)
      const stream = client.responses.stream({
        model,
        input: 'And again?',
        previous_response_id: second.id,
      })
      const third = await stream.finalResponse()
      expect(third.previous_response_id).toBe(second.id)
      const sent = JSON.stringify(gateway.sent.at(-1)?.body)
      for (const text of ['My name is Ada.', 'What is my name?', 'And again?'])
        expect(sent).toContain(text)
      const kept = await client.responses.retrieve(third.id)
      expect(kept.output_text).toBe(third.output_text)
    })

    it('calls tools and takes their results', async () => {
      const { client } = clientOf()
      const tools: OpenAI.Responses.FunctionTool[] = [
        {
          type: 'function',
          name: 'get_weather',
          strict: false,
          parameters: {
            type: 'object',
            properties: { city: { type: 'string' } },
            required: ['city'],
          },
        },
      ]
      const first = await client.responses.create({
        model,
        tools,
        input: 'Call get_weather for Oslo',
        tool_choice: 'required',
      })
      const call = first.output.find((item) => item.type === 'function_call')
      expect(call).toMatchObject({ name: 'get_weather' })
      if (call?.type !== 'function_call') return
      expect(JSON.parse(call.arguments)).toHaveProperty('city')
      const second = await client.responses.create({
        model,
        tools,
        previous_response_id: first.id,
        input: [{ type: 'function_call_output', call_id: call.call_id, output: 'Rain, 8 degrees' }],
      })
      expect(second.output_text).toContain('Rain, 8 degrees')
    })
  },
)

describe('what the Responses API keeps', () => {
  const model = 'claude-opus-5-5'

  it('is listed, deleted, and gone', async () => {
    const { client } = clientOf()
    const first = await client.responses.create({ model, input: 'one' })
    const second = await client.responses.create({
      model,
      input: 'two',
      previous_response_id: first.id,
    })
    const items = await client.responses.inputItems.list(second.id, { order: 'asc' })
    expect(items.data.map((item) => item.type)).toEqual(['message', 'message', 'message'])
    await client.responses.delete(second.id)
    await expect(client.responses.retrieve(second.id)).rejects.toThrow(OpenAI.NotFoundError)
    await expect(
      client.responses.create({ model, input: 'x', previous_response_id: second.id }),
    ).rejects.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
    })
  })

  it('is nothing where the caller says so', async () => {
    const { client } = clientOf()
    const response = await client.responses.create({ model, input: 'one', store: false })
    expect(response).toMatchObject({ store: false, service_tier: 'default' })
    await expect(client.responses.retrieve(response.id)).rejects.toThrow(OpenAI.NotFoundError)
  })

  it('belongs to the key that made it', async () => {
    const { client, gateway } = clientOf({ secrets: { MIMUS_KEYS: 'key-a,key-b' } }, 'key-a')
    const other = new OpenAI({
      apiKey: 'key-b',
      baseURL: `${gateway.url}/v1`,
      fetch: gateway.fetch,
      maxRetries: 0,
    })
    const { id } = await client.responses.create({ model, input: 'one' })
    expect((await client.responses.retrieve(id)).id).toBe(id)
    await expect(other.responses.retrieve(id)).rejects.toThrow(OpenAI.NotFoundError)
  })

  it('refuses by name what it does not serve', async () => {
    const { client } = clientOf()
    await expect(
      client.responses.create({ model, input: 'x', background: true }),
    ).rejects.toMatchObject({ status: 400, param: 'background' })
    await expect(
      client.responses.create({ model, input: 'x', conversation: 'conv_1' }),
    ).rejects.toMatchObject({ status: 400, param: 'conversation' })
    const { id } = await client.responses.create({ model, input: 'x' })
    await expect(client.responses.cancel(id)).rejects.toThrow(OpenAI.BadRequestError)
  })

  it('counts the tokens of a prompt', async () => {
    const { client } = clientOf()
    const counted = await client.responses.inputTokens.count({ model, input: 'Say hello' })
    expect(counted.input_tokens).toBeGreaterThan(1)
  })
})
