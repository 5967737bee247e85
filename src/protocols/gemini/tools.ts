// `tools` and `toolConfig` in both directions.

import type { ChatRequest, FunctionTool, Tool, ToolChoice } from '#core/chat'
import { defined, type JsonObject } from '#core/json'
import type { Target } from '#core/protocol'
import type { Reader } from '#core/reader'
import { lowerSchema, raiseSchema } from './schema.ts'
import {
  listOrOne,
  maybeWord,
  protocolId,
  skipEmpty,
  spelled,
  takesJsonSchema,
} from './vocabulary.ts'

/** Functions are ours; every other tool (search, code execution, ...) is Google's own and kept as it is. */
export function readTools(body: Reader): Tool[] {
  const tools = listOrOne(body, 'tools', (tool): Tool[] => {
    const functions = listOrOne(tool, 'functionDeclarations', readFunction) ?? []
    const others = Object.entries(tool.rest).map(([name, value]): Tool => {
      tool.skip(name)
      return { type: 'opaque', protocol: protocolId, value: { [name]: value } }
    })
    return [...functions, ...others]
  })
  return tools?.flat() ?? []
}

/** Fields of a declaration that only this API has. */
const ownFields = ['behavior', 'response', 'responseJsonSchema']

function readFunction(declaration: Reader): FunctionTool {
  const schema = declaration.maybeRecord(spelled(declaration, 'parametersJsonSchema'))
  const parameters = declaration.maybeRecord('parameters')
  const own: JsonObject = {}
  for (const name of ownFields) {
    const key = spelled(declaration, name)
    if (declaration.has(key)) own[name] = declaration.json(key)
  }
  const tool = defined({
    description: declaration.maybeString('description'),
    parameters: schema ?? (parameters === undefined ? undefined : raiseSchema(parameters)),
    extra: Object.keys(own).length === 0 ? undefined : { [protocolId]: own },
  })
  skipEmpty(declaration)
  return { type: 'function', name: declaration.string('name'), ...tool }
}

const modes = ['AUTO', 'ANY', 'NONE', 'VALIDATED', 'MODE_UNSPECIFIED'] as const

/** The choice, and the paths of what it cannot express. */
export function readToolChoice(body: Reader): { toolChoice?: ToolChoice; unread: string[] } {
  const config = body.maybeObject(spelled(body, 'toolConfig'))
  const calling = config?.maybeObject(spelled(config, 'functionCallingConfig'))
  if (config !== undefined) skipEmpty(config)
  if (calling === undefined) return { unread: [] }
  const mode = maybeWord(calling, 'mode', modes)
  const key = spelled(calling, 'allowedFunctionNames')
  const names = calling.maybeStrings(key) ?? []
  const [name] = names
  switch (mode) {
    case 'NONE':
      return { toolChoice: 'none', unread: [] }
    case 'ANY':
      return name !== undefined && names.length === 1
        ? { toolChoice: { name }, unread: [] }
        : { toolChoice: 'required', unread: name === undefined ? [] : [calling.at(key)] }
    case 'VALIDATED':
      return { toolChoice: 'auto', unread: [calling.at('mode')] }
    case 'AUTO':
      return { toolChoice: 'auto', unread: [] }
    case 'MODE_UNSPECIFIED':
    case undefined:
      return { unread: [] }
    default:
      return mode satisfies never
  }
}

/** Functions that follow each other share one tool, as every client writes them. */
export function writeTools(tools: readonly Tool[], target: Target): JsonObject[] | undefined {
  const written: JsonObject[] = []
  let functions: JsonObject[] | undefined
  tools.forEach((tool, index) => {
    const path = `tools[${index}]`
    if (tool.type === 'opaque') {
      functions = undefined
      if (tool.protocol === protocolId) written.push(tool.value)
      else target.lose(path, 'this tool belongs to another protocol and was left out')
      return
    }
    if (functions === undefined) {
      functions = []
      written.push({ functionDeclarations: functions })
    }
    functions.push(
      tool.type === 'function' ? writeFunction(tool, path, target) : asFunction(tool, path, target),
    )
  })
  return written.length === 0 ? undefined : written
}

function writeFunction(tool: FunctionTool, path: string, target: Target): JsonObject {
  if (tool.strict === true)
    target.lose(`${path}.strict`, 'strict is not supported: arguments may stray from the schema')
  loseForeign(tool, path, target)
  return defined({
    name: tool.name,
    description: tool.description,
    ...parametersOf(tool, target),
    ...tool.extra?.[protocolId],
  })
}

function loseForeign(tool: FunctionTool, path: string, { lose }: Target): void {
  if (tool.cache !== undefined)
    lose(`${path}.cache`, 'cache marks are not supported and were left out')
  for (const protocol of Object.keys(tool.extra ?? {}))
    if (protocol !== protocolId)
      lose(path, `fields of the protocol ${protocol} were left out of this tool`)
}

function parametersOf(tool: FunctionTool, { model }: Target): JsonObject {
  const { parameters } = tool
  if (parameters === undefined) return {}
  if (takesJsonSchema(model)) return { parametersJsonSchema: parameters }
  const lowered = lowerSchema(parameters)
  // The subset has no object without properties; such a function takes no parameters.
  return lowered['type'] === 'OBJECT' && lowered['properties'] === undefined
    ? {}
    : { parameters: lowered }
}

/** A tool of free text takes it as the one argument of a function. */
function asFunction(
  tool: Extract<Tool, { type: 'custom' }>,
  path: string,
  target: Target,
): JsonObject {
  target.lose(
    path,
    `custom tools are not supported: this one became a function with a text 'input'`,
  )
  const parameters = {
    type: 'object',
    properties: { input: { type: 'string' } },
    required: ['input'],
  }
  const { name, description } = tool
  return writeFunction(
    { type: 'function', name, parameters, ...defined({ description }) },
    path,
    target,
  )
}

export function writeToolConfig(request: ChatRequest, target: Target): JsonObject | undefined {
  if (request.parallelToolCalls !== undefined)
    target.lose('parallelToolCalls', 'parallel tool calls cannot be steered with this model')
  const { toolChoice } = request
  if (toolChoice === undefined) return undefined
  return { functionCallingConfig: callingConfig(toolChoice) }
}

const modeOf = { auto: 'AUTO', none: 'NONE', required: 'ANY' } as const

const callingConfig = (choice: ToolChoice): JsonObject =>
  typeof choice === 'string'
    ? { mode: modeOf[choice] }
    : { mode: 'ANY', allowedFunctionNames: [choice.name] }
