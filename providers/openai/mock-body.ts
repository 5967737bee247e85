// What the routes of the mock have in common: bodies read as the vendor reads them.

import type { Context } from 'hono'
import {
  findModel,
  GatewayError,
  isObject,
  parseJson,
  type JsonObject,
  type MockEnv,
  type Modality,
  type Model,
} from '#kit'
import { errorReply } from './mock-dialect.ts'
import { models } from './models.ts'

export type MockContext = Context<MockEnv>

export async function readJson(c: MockContext): Promise<JsonObject> {
  const body = parseJson(await c.req.text())
  if (isObject(body)) return body
  throw new GatewayError('invalid_request', 'The body could not be parsed as a JSON object')
}

export async function readForm(c: MockContext): Promise<FormData> {
  try {
    return await c.req.formData()
  } catch (cause) {
    throw new GatewayError('invalid_request', 'The body could not be parsed as a form', { cause })
  }
}

/** The vendor's answer to a field it does not know; `undefined` when it knows all. */
export function unknownField(
  c: MockContext,
  given: Iterable<string>,
  known: readonly string[],
): Response | undefined {
  for (const key of given) {
    const [field = key] = key.split('[')
    if (known.includes(field)) continue
    return errorReply(
      400,
      {
        message: `Unknown parameter: '${field}'.`,
        type: 'invalid_request_error',
        param: field,
        code: 'unknown_parameter',
      },
      c.var.call.requestId,
    )
  }
  return undefined
}

/** @throws GatewayError `not_found` for a model that the vendor does not have for this. */
export function modelFor(modality: Modality, name: string): Model {
  const model = findModel(models, name)
  if (!model.does.includes(modality)) throw new GatewayError('not_found', name)
  return model
}

export const nowInSeconds = (c: MockContext): number => Math.floor(c.var.call.world.now() / 1000)
