import { defined, type Call, type ChatRequest, type JsonObject, type Message } from '#kit'

/** Who speaks, where several turns are one prompt. */
const speakers = { user: 'User', assistant: 'Assistant', system: 'System' } as const

/** Fields of a chat request these models have no input for. */
const unsupported = [
  'toolChoice',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
  'reasoning',
  'output',
  'verbosity',
  'modalities',
  'audio',
  'image',
  'serviceTier',
  'user',
  'metadata',
  'cacheKey',
] as const satisfies readonly (keyof ChatRequest)[]

/** The `input` of a text model: all that was said as one prompt. */
export function chatInput(request: ChatRequest, call: Call): JsonObject {
  const lose = (field: string): void =>
    call.lose(field, `${field} is not supported by this model and was left out`)
  for (const field of unsupported) if (request[field] !== undefined) lose(field)
  if (request.tools.length > 0) lose('tools')
  if ((request.candidates ?? 1) > 1) lose('candidates')
  return defined({
    prompt: promptOf(request.messages, lose),
    system_prompt:
      request.system.length === 0 ? undefined : request.system.map(({ text }) => text).join('\n\n'),
    max_tokens: request.maxOutputTokens,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    stop_sequences: stopsOf(request.stop, call),
  })
}

/** The input is one text of sequences between commas. */
function stopsOf(stop: string[] | undefined, call: Call): string | undefined {
  if (stop === undefined || stop.length === 0) return undefined
  const sayable = stop.filter((sequence) => !sequence.includes(','))
  if (sayable.length < stop.length)
    call.lose('stop', 'a stop sequence with a comma is not supported by this model')
  return sayable.length === 0 ? undefined : sayable.join(',')
}

/** One turn is the prompt itself; several are marked with who speaks, and the assistant has the word. */
function promptOf(messages: readonly Message[], lose: (field: string) => void): string {
  const turns = messages.map(({ role, content }, index) => ({
    role,
    text: content
      .flatMap((part) => {
        switch (part.type) {
          case 'text':
          case 'refusal':
            return [part.text]
          case 'tool-result':
            return part.output.flatMap((output) => (output.type === 'text' ? [output.text] : []))
          case 'file':
          case 'tool-call':
          case 'reasoning':
          case 'opaque':
            lose(`messages[${index}].content`)
            return []
          default:
            return part satisfies never
        }
      })
      .join('\n'),
  }))
  const [only] = turns
  if (only !== undefined && turns.length === 1 && only.role === 'user') return only.text
  const said = turns.map(({ role, text }) => `${speakers[role]}: ${text}`)
  return [...said, `${speakers.assistant}:`].join('\n\n')
}
