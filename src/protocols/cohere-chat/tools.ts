// Tools and the choice among them, both ways.

import type { ChatRequest, Tool } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Lose } from '#core/provider'
import type { Reader } from '#core/reader'

const choices = { REQUIRED: 'required', NONE: 'none' } as const

export function decodeTools(body: Reader): Pick<ChatRequest, 'tools' | 'toolChoice'> {
  const strict = body.maybeBoolean('strict_tools')
  const choice = body.maybeOneOf('tool_choice', ['REQUIRED', 'NONE'])
  const tools = body.maybeList('tools', (tool): Tool => {
    tool.oneOf('type', ['function'])
    const described = tool.object('function')
    return defined({
      type: 'function',
      name: described.string('name'),
      description: described.maybeString('description'),
      parameters: described.maybeRecord('parameters'),
      strict,
    } as const)
  })
  return defined({
    tools: tools ?? [],
    toolChoice: choice === undefined ? undefined : choices[choice],
  })
}

/** A tool that must be called is the only one offered: the vendor has no word for it. */
export function encodeTools(request: ChatRequest, lose: Lose): JsonObject {
  const { tools, toolChoice, parallelToolCalls } = request
  if (parallelToolCalls === false)
    lose('parallelToolCalls', 'several tool calls at once cannot be forbidden here')
  const wanted = typeof toolChoice === 'object' ? toolChoice.name : undefined
  const offered = tools.flatMap((tool, index) => {
    if (wanted === undefined || (tool.type !== 'opaque' && tool.name === wanted))
      return encodeTool(tool, `tools[${index}]`, lose)
    lose(`tools[${index}]`, `${wanted} must be called: the other tools were left out`)
    return []
  })
  if (offered.length === 0) {
    if (toolChoice !== undefined && toolChoice !== 'none')
      lose('toolChoice', 'there are no tools to choose from')
    return {}
  }
  return defined({
    tools: offered,
    strict_tools: encodeStrict(tools, lose),
    tool_choice: choiceWord(toolChoice),
  })
}

function choiceWord(choice: ChatRequest['toolChoice']): string | undefined {
  if (choice === undefined || choice === 'auto') return undefined
  return choice === 'none' ? 'NONE' : 'REQUIRED'
}

/** One switch for all tools. */
function encodeStrict(tools: readonly Tool[], lose: Lose): boolean | undefined {
  const [first, ...others] = new Set(
    tools.map((tool) => (tool.type === 'function' ? tool.strict : undefined)),
  )
  if (others.length === 0) return first
  lose('tools', 'tools are strict all together or not at all: none is')
  return undefined
}

function encodeTool(tool: Tool, path: string, lose: Lose): JsonObject[] {
  switch (tool.type) {
    case 'function': {
      for (const protocol of Object.keys(tool.extra ?? {}))
        lose(path, `fields of the protocol ${protocol} were left out`)
      return [declared(tool.name, tool.description, tool.parameters ?? { type: 'object' })]
    }
    case 'custom':
      lose(path, `the free-text tool ${tool.name} was offered as a function with one text field`)
      return [declared(tool.name, tool.description, freeText(tool.format))]
    case 'opaque':
      lose(path, `a tool of the protocol ${tool.protocol} was left out`)
      return []
    default:
      return tool satisfies never
  }
}

const declared = (name: string, description: string | undefined, parameters: JsonObject) => ({
  type: 'function',
  function: defined({ name, description, parameters }),
})

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
