// What Azure's content filters add to every answer.

import {
  encodeSse,
  isObject,
  parseJson,
  sseSplitter,
  toReadable,
  utf8,
  type Bytes,
  type JsonObject,
} from '#kit'

const verdict: JsonObject = Object.fromEntries(
  ['hate', 'self_harm', 'sexual', 'violence'].map((category) => [
    category,
    { filtered: false, severity: 'safe' },
  ]),
)
const promptVerdicts = [{ prompt_index: 0, content_filter_results: verdict }]

/** The reply, whole or streamed, with the verdicts of the filters. */
export async function withVerdicts(response: Response): Promise<Response> {
  const { status, headers, body } = response
  if (body !== null && headers.get('content-type')?.includes('event-stream') === true)
    return new Response(toReadable(judgedStream(body)), { status, headers })
  const text = await response.text()
  const reply = parseJson(text)
  if (!isObject(reply)) return new Response(text, { status, headers })
  return Response.json(
    { ...judged(reply), prompt_filter_results: promptVerdicts },
    { status, headers },
  )
}

/** The verdict on the prompt comes first, in a chunk without a choice. */
async function* judgedStream(body: Bytes): Bytes {
  const first = { id: '', object: '', created: 0, model: '', choices: [] }
  const data = JSON.stringify({ ...first, prompt_filter_results: promptVerdicts })
  yield utf8.encode(encodeSse({ data }))
  const splitter = sseSplitter()
  for await (const chunk of body) {
    const events = splitter.push(chunk)?.events ?? []
    for (const event of events) {
      const said = parseJson(event.data)
      yield utf8.encode(
        encodeSse(isObject(said) ? { ...event, data: JSON.stringify(judged(said)) } : event),
      )
    }
  }
}

function judged(reply: JsonObject): JsonObject {
  const { choices } = reply
  if (!Array.isArray(choices)) return reply
  return {
    ...reply,
    choices: choices.map((choice) =>
      isObject(choice) ? { ...choice, content_filter_results: verdict } : choice,
    ),
  }
}
