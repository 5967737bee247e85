// Tools and the choice among them, both ways.

import type { ChatRequest, Tool, ToolChoice } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import { loseExtras } from '#core/losses'
import type { Lose } from '#core/provider'
import type { Reader } from '#core/reader'
import { id as protocolId } from './vocabulary.ts'

const modes = ['none', 'auto', 'required'] as const

type ToolFields = Pick<ChatRequest, 'tools' | 'toolChoice'>

/** `tools` and `tool_choice`, or the deprecated `functions` and `function_call`. */
export function readTools(body: Reader): ToolFields {
  const tools = [
    ...(body.maybeList('tools', readTool) ?? []),
    ...(body.maybeList('functions', readFunction) ?? []),
  ]
  const isOld = (body.json('tool_choice') ?? null) === null
  const key = isOld ? 'function_call' : 'tool_choice'
  const value = body.json(key)
  if (value === undefined || value === null) return { tools }
  if (typeof value === 'string') return { tools, toolChoice: body.oneOf(key, modes) }
  const choice = body.object(key)
  return key === 'function_call'
    ? { tools, toolChoice: { name: choice.string('name') } }
    : readChoice(choice, tools)
}

function readTool(tool: Reader): Tool {
  const whole = tool.rest
  const type = tool.string('type')
  if (type === 'function') return readFunction(tool.object('function'))
  if (type === 'custom') {
    const custom = tool.object('custom')
    return defined({
      type: 'custom' as const,
      name: custom.string('name'),
      description: custom.maybeString('description'),
      format: custom.maybeRecord('format'),
    })
  }
  // Tools a compatible host runs itself.
  tool.skip(...Object.keys(whole))
  return { type: 'opaque', protocol: protocolId, value: whole }
}

const readFunction = (tool: Reader): Tool =>
  defined({
    type: 'function' as const,
    name: tool.string('name'),
    description: tool.maybeString('description'),
    parameters: tool.maybeRecord('parameters'),
    strict: tool.maybeBoolean('strict'),
  })

function readChoice(choice: Reader, tools: Tool[]): ToolFields {
  const type = choice.oneOf('type', ['function', 'custom', 'allowed_tools'])
  if (type !== 'allowed_tools')
    return { tools, toolChoice: { name: choice.object(type).string('name') } }
  const allowed = choice.object(type)
  const names = allowed.list('tools', (tool) =>
    tool.object(tool.oneOf('type', ['function', 'custom'])).string('name'),
  )
  // A tool that may not be called need not be told of.
  return {
    tools: tools.filter((tool) => tool.type !== 'opaque' && names.includes(tool.name)),
    toolChoice: allowed.oneOf('mode', ['auto', 'required']),
  }
}

/** The fields of the body; none for no tools. */
export function encodeTools(request: ChatRequest, lose: Lose): JsonObject {
  const tools = request.tools.flatMap((tool, index) => encodeTool(tool, `tools[${index}]`, lose))
  return defined({
    tools: tools.length === 0 ? undefined : tools,
    tool_choice: encodeChoice(request.toolChoice, request.tools),
    parallel_tool_calls: request.parallelToolCalls,
  })
}

function encodeTool(tool: Tool, path: string, lose: Lose): JsonObject[] {
  switch (tool.type) {
    case 'function': {
      const { name, description, parameters, strict, cache, extra } = tool
      if (cache !== undefined)
        lose(`${path}.cache`, 'The end of a cached prefix cannot be put on a tool and was left out')
      loseExtras(extra, protocolId, { path, lose })
      return [{ type: 'function', function: defined({ name, description, parameters, strict }) }]
    }
    case 'custom': {
      const { name, description, format } = tool
      return [{ type: 'custom', custom: defined({ name, description, format }) }]
    }
    case 'opaque':
      if (tool.protocol === protocolId) return [tool.value]
      lose(path, `A tool that only ${tool.protocol} knows was left out`)
      return []
    default:
      return tool satisfies never
  }
}

function encodeChoice(
  choice: ToolChoice | undefined,
  tools: readonly Tool[],
): JsonObject | string | undefined {
  if (choice === undefined || typeof choice === 'string') return choice
  const { name } = choice
  const isCustom = tools.some((tool) => tool.type === 'custom' && tool.name === name)
  return isCustom ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } }
}
