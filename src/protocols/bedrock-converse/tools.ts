// `toolConfig`, both ways.

import type { ChatRequest, FunctionTool, Message, Tool, ToolChoice } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Lose } from '#core/provider'
import type { Reader } from '#core/reader'
import { isCut, spellName } from '../anthropic-messages/names.ts'
import { encodeCache } from './blocks-encode.ts'
import { decodeBlocks } from './blocks-decode.ts'
import { id } from './vocabulary.ts'

export function decodeTools(body: Reader): Pick<ChatRequest, 'tools' | 'toolChoice'> {
  const config = body.maybeObject('toolConfig')
  if (config === undefined) return { tools: [] }
  const tools = decodeBlocks(config, 'tools', decodeTool)
  return { tools, ...defined({ toolChoice: decodeChoice(config.maybeObject('toolChoice')) }) }
}

function decodeTool(block: Reader): Tool {
  const spec = block.maybeObject('toolSpec')
  if (spec === undefined) {
    const [key = ''] = block.keys
    if (!block.has(key)) block.fail('toolSpec', 'an object')
    return { type: 'opaque', protocol: id, value: { [key]: block.json(key) } }
  }
  const schema = spec.object('inputSchema')
  return defined({
    type: 'function',
    name: spec.string('name'),
    description: spec.maybeString('description'),
    parameters: schema.maybeRecord('json') ?? schema.fail('json', 'an object'),
    strict: spec.maybeBoolean('strict'),
  } as const)
}

function decodeChoice(choice: Reader | undefined): ToolChoice | undefined {
  if (choice === undefined) return undefined
  if (choice.has('tool')) return { name: choice.object('tool').string('name') }
  for (const [key, meaning] of [
    ['auto', 'auto'],
    ['any', 'required'],
  ] as const)
    if (choice.maybeObject(key) !== undefined) return meaning
  return choice.fail('auto', 'an object, or any or tool in its place')
}

/** Undefined where there are no tools, now or in what was said before. */
export function encodeTools(request: ChatRequest, lose: Lose): JsonObject | undefined {
  const { tools, toolChoice, parallelToolCalls } = request
  if (parallelToolCalls === false)
    lose('parallelToolCalls', 'several tool calls at once cannot be forbidden here')
  const called = calledNames(request.messages)
  if (toolChoice === 'none' && called.length === 0) {
    if (tools.length > 0) lose('tools', 'no tool may be called: the tools were left out')
    return undefined
  }
  const encoded = tools.flatMap((tool, index) => encodeTool(tool, `tools[${index}]`, lose))
  if (encoded.length === 0 && called.length === 0) {
    if (toolChoice !== undefined) lose('toolChoice', 'there are no tools to choose from')
    return undefined
  }
  if (encoded.length === 0) {
    // A conversation with calls is refused without `toolConfig`.
    lose('tools', 'the tools called before were declared again, without their parameters')
    return { tools: called.map(declared) }
  }
  return defined({ tools: encoded, toolChoice: encodeChoice(toolChoice, lose) })
}

const calledNames = (messages: readonly Message[]): string[] => [
  ...new Set(
    messages.flatMap(({ content }) =>
      content.flatMap((part) => (part.type === 'tool-call' ? [spellName(part.name)] : [])),
    ),
  ),
]

const declared = (name: string): JsonObject => ({
  toolSpec: { name, inputSchema: { json: { type: 'object' } } },
})

function encodeTool(tool: Tool, path: string, lose: Lose): JsonObject[] {
  switch (tool.type) {
    case 'function':
      return encodeFunction(tool, path, lose)
    case 'custom':
      lose(path, `the free-text tool ${tool.name} was offered as a function with one text field`)
      return encodeFunction(
        defined({ ...tool, type: 'function', parameters: freeText(tool.format) } as const),
        path,
        lose,
      )
    case 'opaque':
      if (tool.protocol === id) return [tool.value]
      lose(path, `a tool of the protocol ${tool.protocol} was left out`)
      return []
    default:
      return tool satisfies never
  }
}

function encodeFunction(tool: FunctionTool, path: string, lose: Lose): JsonObject[] {
  for (const protocol of Object.keys(tool.extra ?? {}))
    lose(path, `fields of the protocol ${protocol} were left out`)
  if (isCut(tool.name))
    lose(`${path}.name`, `the tool name was too long and became ${spellName(tool.name)}`)
  const toolSpec = defined({
    name: spellName(tool.name),
    description: tool.description,
    inputSchema: { json: { type: 'object', ...tool.parameters } },
    strict: tool.strict,
  })
  return [{ toolSpec }, ...encodeCache(tool.cache, path, lose)]
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

function encodeChoice(choice: ToolChoice | undefined, lose: Lose): JsonObject | undefined {
  if (choice === undefined) return undefined
  if (choice === 'auto') return { auto: {} }
  if (typeof choice === 'object') return { tool: { name: spellName(choice.name) } }
  if (choice === 'required') return { any: {} }
  lose('toolChoice', 'tools cannot be forbidden after they were called: the model may call them')
  return undefined
}
