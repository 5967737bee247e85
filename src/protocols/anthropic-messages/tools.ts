import type {
  Tool as WireTool,
  ToolChoice as WireChoice,
} from '@anthropic-ai/sdk/resources/messages'
import type { ChatRequest, FunctionTool, Tool, ToolChoice } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Lose, Model } from '#core/provider'
import type { Reader } from '#core/reader'
import { taken } from './blocks-decode.ts'
import { decodeCache, encodeCache } from './cache.ts'
import { isCut, spellName } from './names.ts'
import { present } from './present.ts'
import { isAlwaysThinking, isForced } from './reasoning.ts'
import { id, own, owned } from './vocabulary.ts'

/** Fields of a custom tool that only this protocol has. */
const toolExtras = [
  'allowed_callers',
  'defer_loading',
  'eager_input_streaming',
  'input_examples',
] as const satisfies (keyof WireTool)[]

/** Custom tools are functions; tools the vendor brings (with any other `type`) stay opaque. */
export function decodeTool(reader: Reader): Tool {
  const type = reader.maybeString('type')
  if (type !== undefined && type !== 'custom') {
    const value: JsonObject = {}
    for (const key of reader.keys) value[key] = reader.json(key)
    return { type: 'opaque', protocol: id, value }
  }
  return {
    type: 'function',
    ...defined({
      name: reader.string('name'),
      description: reader.maybeString('description'),
      parameters: reader.maybeRecord('input_schema') ?? reader.fail('input_schema', 'an object'),
      strict: reader.maybeBoolean('strict'),
      cache: decodeCache(reader),
      extra: owned(taken(reader, toolExtras)),
    }),
  }
}

const choices = {
  auto: 'auto',
  any: 'required',
  none: 'none',
} as const satisfies Record<Exclude<WireChoice['type'], 'tool'>, ToolChoice>

/** The choice, and whether several tools may be called at once. */
export function decodeToolChoice(
  body: Reader,
): Pick<ChatRequest, 'toolChoice' | 'parallelToolCalls'> {
  const reader = body.maybeObject('tool_choice')
  if (reader === undefined) return {}
  const type = reader.oneOf('type', ['auto', 'any', 'tool', 'none'])
  const single = type === 'none' ? undefined : reader.maybeBoolean('disable_parallel_tool_use')
  return defined({
    toolChoice: type === 'tool' ? { name: reader.string('name') } : choices[type],
    parallelToolCalls: single === undefined ? undefined : !single,
  })
}

export function encodeTools(tools: readonly Tool[], lose: Lose): JsonObject[] | undefined {
  const encoded = present(tools.map((tool, index) => encodeTool(tool, `tools[${index}]`, lose)))
  return encoded.length === 0 ? undefined : encoded
}

function encodeTool(tool: Tool, path: string, lose: Lose): JsonObject | undefined {
  switch (tool.type) {
    case 'function':
      return encodeFunction(tool, path, lose)
    case 'custom':
      lose(path, `the free-text tool ${tool.name} was offered as a function with one text field`)
      return defined({
        name: name(tool.name, path, lose),
        description: tool.description,
        input_schema: freeText(tool.format),
      })
    case 'opaque':
      if (tool.protocol === id) return tool.value
      lose(path, `a tool of the protocol ${tool.protocol} was left out`)
      return undefined
    default:
      return tool satisfies never
  }
}

function encodeFunction(tool: FunctionTool, path: string, lose: Lose): JsonObject {
  for (const protocol of Object.keys(tool.extra ?? {}))
    if (protocol !== id) lose(path, `fields of the protocol ${protocol} were left out`)
  return {
    ...defined({
      name: name(tool.name, path, lose),
      description: tool.description,
      input_schema: { type: 'object', ...tool.parameters },
      strict: tool.strict,
    }),
    ...encodeCache(tool.cache, path, lose),
    ...own(tool.extra),
  }
}

function name(tool: string, path: string, lose: Lose): string {
  if (isCut(tool)) lose(`${path}.name`, `the tool name was too long and became ${spellName(tool)}`)
  return spellName(tool)
}

/** The schema of a free-text tool; its grammar is told in words. */
const freeText = (format: JsonObject | undefined): JsonObject => ({
  type: 'object',
  properties: {
    input: defined({
      type: 'string',
      description: format === undefined ? undefined : `Must follow: ${JSON.stringify(format)}`,
    }),
  },
  required: ['input'],
})

/** `tool_choice` is refused without tools, and a forced one by models that always think. */
export function encodeToolChoice(
  request: ChatRequest,
  model: Model,
  lose: Lose,
): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = request
  if (toolChoice === undefined && parallelToolCalls === undefined) return undefined
  if (request.tools.length === 0) {
    if (isForced(request)) lose('toolChoice', 'there are no tools to choose from')
    return undefined
  }
  if (toolChoice === 'none') return { type: 'none' }
  const single =
    parallelToolCalls === undefined ? {} : { disable_parallel_tool_use: !parallelToolCalls }
  return { ...choiceOf(request, model, lose), ...single }
}

function choiceOf(request: ChatRequest, model: Model, lose: Lose): JsonObject {
  const { toolChoice } = request
  if (isForced(request) && isAlwaysThinking(model)) {
    lose('toolChoice', 'this model always reasons and cannot be forced to call a tool: it may')
    return { type: 'auto' }
  }
  if (typeof toolChoice === 'object') return { type: 'tool', name: spellName(toolChoice.name) }
  return { type: toolChoice === 'required' ? 'any' : 'auto' }
}
