import type { Model, ModelVersion } from 'replicate'
import type { JsonObject } from '#kit'
import { formatNames, imageModels } from '../catalogue.ts'
import { isTextModel } from './store.ts'

/** When all models of the mock were made. */
const madeAt = '2025-01-01T00:00:00.000Z'

/** A model as `GET /v1/models/{owner}/{name}` shows it. */
export function describeModel(id: string): Model {
  const [owner = '', name = ''] = id.split('/')
  const known = imageModels.find((model) => model.id === id)
  return {
    url: `https://replicate.com/${id}`,
    owner,
    name,
    description: known?.name ?? name,
    visibility: 'public',
    is_official: known?.inputs.version === undefined,
    run_count: 1000,
    latest_version: versionOf(id),
  }
}

export function versionOf(id: string): ModelVersion {
  const known = imageModels.find((model) => model.id === id)
  return {
    id: known?.inputs.version ?? 'hidden',
    created_at: madeAt,
    cog_version: '0.16.0',
    openapi_schema: {
      openapi: '3.0.2',
      info: { title: 'Cog', version: '0.1.0' },
      components: {
        schemas: {
          Input: { type: 'object', required: ['prompt'], properties: propertiesOf(id) },
          Output: isTextModel(id)
            ? { type: 'array', items: { type: 'string' }, 'x-cog-array-type': 'iterator' }
            : { type: 'string', format: 'uri' },
        },
      },
    },
  }
}

const text = { type: 'string' }

function propertiesOf(id: string): JsonObject {
  const prompt = { ...text, 'x-order': 0 }
  if (isTextModel(id)) return { prompt, system_prompt: text, max_tokens: { type: 'integer' } }
  const known = imageModels.find((model) => model.id === id)
  if (known === undefined) return { prompt }
  const { aspectRatio, format, seed, negativePrompt, image } = known.inputs
  const { ratios, formats } = known.limits
  const properties: JsonObject = { prompt }
  if (aspectRatio !== undefined) properties[aspectRatio] = { ...text, enum: [...(ratios ?? [])] }
  if (format !== undefined)
    properties[format] = { ...text, enum: formats.map((name) => formatNames[name]) }
  if (seed !== undefined) properties[seed] = { type: 'integer' }
  if (negativePrompt !== undefined) properties[negativePrompt] = text
  if (image !== undefined)
    properties[image.name] =
      image.isList === true
        ? { type: 'array', items: { ...text, format: 'uri' } }
        : { ...text, format: 'uri' }
  return properties
}
