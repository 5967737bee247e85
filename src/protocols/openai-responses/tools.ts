// Tools and the choice among them, both ways. Definitions are flat here.

import type { ChatRequest, Tool, ToolChoice } from '#core/chat'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { loseExtras } from '#core/losses'
import type { Lose } from '#core/provider'
import type { Reader } from '#core/reader'
import { id as protocolId, ownExtra, pick } from './vocabulary.ts'

const modes = ['none', 'auto', 'required'] as const

/** Fields of a function that only this protocol has (`FunctionTool` of the SDK). */
const functionExtras = ['allowed_callers', 'async', 'defer_loading', 'output_schema'] as const

type ToolFields = Pick<ChatRequest, 'tools' | 'toolChoice'>

export function readTools(body: Reader): ToolFields {
  const tools = body.maybeList('tools', readTool) ?? []
  const value = body.rest['tool_choice']
  // A tool the vendor runs cannot be named in the hub: the choice stays unread.
  if (isObject(value) && !isNamed(value['type'])) return { tools }
  if (isObject(value)) return readChoice(body.object('tool_choice'), tools)
  const toolChoice = body.maybeOneOf('tool_choice', modes)
  return { tools, ...defined({ toolChoice }) }
}

const isNamed = (type: Json | undefined): boolean =>
  typeof type !== 'string' || type === 'function' || type === 'custom' || type === 'allowed_tools'

function readTool(tool: Reader): Tool {
  const whole = tool.rest
  const type = tool.string('type')
  if (type === 'function') {
    tool.skip(...functionExtras)
    return {
      ...defined({
        type: 'function' as const,
        name: tool.string('name'),
        description: tool.maybeString('description'),
        parameters: tool.maybeRecord('parameters'),
        strict: tool.maybeBoolean('strict'),
      }),
      ...ownExtra(pick(whole, functionExtras)),
    }
  }
  if (type === 'custom')
    return defined({
      type: 'custom' as const,
      name: tool.string('name'),
      description: tool.maybeString('description'),
      format: tool.maybeRecord('format'),
    })
  // Tools the vendor runs itself, and groups of tools.
  tool.skip(...Object.keys(whole))
  return { type: 'opaque', protocol: protocolId, value: whole }
}

function readChoice(choice: Reader, tools: Tool[]): ToolFields {
  const type = choice.oneOf('type', ['function', 'custom', 'allowed_tools'])
  if (type !== 'allowed_tools') return { tools, toolChoice: { name: choice.string('name') } }
  const allowed = choice.list('tools', (tool) => {
    const whole = tool.rest
    tool.skip(...Object.keys(whole))
    tool.string('type')
    return whole
  })
  // A tool that may not be called need not be told of.
  return {
    tools: tools.filter((tool) => allowed.some((one) => isSame(tool, one))),
    toolChoice: choice.oneOf('mode', ['auto', 'required']),
  }
}

/** Whether an entry of `allowed_tools` means the tool; tools the vendor runs go by type and label. */
function isSame(tool: Tool, allowed: JsonObject): boolean {
  if (tool.type !== 'opaque') return tool.type === allowed['type'] && tool.name === allowed['name']
  const { type, server_label: label } = tool.value
  return type === allowed['type'] && (label ?? null) === (allowed['server_label'] ?? null)
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
      const { name, description, parameters = null, strict = false, cache, extra } = tool
      if (cache !== undefined)
        lose(`${path}.cache`, 'The end of a cached prefix cannot be put on a tool and was left out')
      loseExtras(extra, protocolId, { path, lose })
      // The vendor takes a function for strict unless told otherwise; the hub's callers do not.
      const fields = defined({ name, description, parameters, strict })
      return [{ type: 'function', ...fields, ...extra?.[protocolId] }]
    }
    case 'custom': {
      const { name, description, format } = tool
      return [{ type: 'custom', ...defined({ name, description, format }) }]
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
  return { type: isCustom ? 'custom' : 'function', name }
}
