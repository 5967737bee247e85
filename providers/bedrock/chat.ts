import {
  awsEventSplitter,
  bedrockConverse,
  isObject,
  speaks,
  type Immediate,
  type JsonObject,
  type Lose,
  type Model,
} from '#kit'
import { withFiles } from './files.ts'

const converse = speaks(bedrockConverse, {
  path: ({ model, stream }) =>
    `/model/${encodeURIComponent(model)}/${stream ? 'converse-stream' : 'converse'}`,
  modelInPath: true,
  splitter: awsEventSplitter,
  idHeader: 'x-amzn-requestid',
  amend: spokenTo,
})

/** Converse and ConverseStream; files behind URLs are fetched, since the API wants their bytes. */
export const chat: Immediate<'chat'> = {
  run: async (request, call) => converse.run(await withFiles(request, call), call),
}

/** Each family takes what Converse has no field for under names of its own. */
function spokenTo(body: JsonObject, { id }: Model, lose: Lose): JsonObject {
  const { additionalModelRequestFields: more, outputConfig: config, ...rest } = body
  const fields = isObject(more) ? more : {}
  const output = isObject(config) ? config : {}
  if (/amazon\.nova/.test(id)) return withFields(rest, novaFields(fields), output)
  if (!/openai\.gpt/.test(id)) return body
  const { effort, ...outputs } = output
  return withFields(
    rest,
    effort === undefined ? {} : { reasoning_effort: effortOf(effort, lose) },
    outputs,
  )
}

/** Nova's own `inferenceConfig.topK` (docs.aws.amazon.com/nova, complete request schema). */
const novaFields = ({ top_k: topK }: JsonObject): JsonObject =>
  topK === undefined ? {} : { inferenceConfig: { topK } }

function effortOf(effort: unknown, lose: Lose): string {
  if (effort === 'low' || effort === 'medium' || effort === 'high') return effort
  lose('reasoning.effort', `the effort ${String(effort)} was mapped to high`)
  return 'high'
}

const withFields = (body: JsonObject, more: JsonObject, config: JsonObject): JsonObject => ({
  ...body,
  ...(Object.keys(more).length === 0 ? {} : { additionalModelRequestFields: more }),
  ...(Object.keys(config).length === 0 ? {} : { outputConfig: config }),
})
