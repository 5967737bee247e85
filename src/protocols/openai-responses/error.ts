// Failures of a response: `error` events and `response.failed`; refusals are as in every API of the vendor.

import { GatewayError, type ErrorKind } from '#core/error'
import { defined, isObject, type Json, type JsonObject } from '#core/json'
import { errorBody, errorOf } from '../openai-chat/error.ts'
import { text } from '../openai-chat/vocabulary.ts'

/** `ResponseError.code` of the SDK, where it is not among the codes of refusals. */
const failureKinds: Record<string, ErrorKind | undefined> = {
  invalid_prompt: 'invalid_request',
  data_residency_mismatch: 'invalid_request',
  bio_policy: 'content_policy',
  misalignment_policy_violation: 'content_policy',
  vector_store_timeout: 'timeout',
  invalid_image: 'invalid_request',
  invalid_image_format: 'invalid_request',
  invalid_base64_image: 'invalid_request',
  invalid_image_url: 'invalid_request',
  image_too_large: 'invalid_request',
  image_too_small: 'invalid_request',
  image_parse_error: 'invalid_request',
  image_content_policy_violation: 'content_policy',
  invalid_image_mode: 'invalid_request',
  image_file_too_large: 'too_large',
  unsupported_image_media_type: 'invalid_request',
  empty_image_file: 'invalid_request',
  failed_to_download_image: 'invalid_request',
  image_file_not_found: 'invalid_request',
}

/** The error of a body or an event: beside its fields, nested, or that of a response that failed. */
export function failureOf(value: JsonObject): GatewayError {
  const error = errorOf(value, undefined)
  const nested = isObject(value['error']) ? value['error'] : value
  const kind = failureKinds[text(nested['code']) ?? '']
  return kind === undefined ? error : new GatewayError(kind, error.message, error.details)
}

/** `error` of a response that failed; SDKs type its code as a closed set. */
export const responseError = (error: GatewayError): JsonObject => ({
  code: responseCodes[error.kind] ?? 'server_error',
  message: error.message,
})

const responseCodes: Partial<Record<ErrorKind, string>> = {
  rate_limited: 'rate_limit_exceeded',
  invalid_request: 'invalid_prompt',
  unsupported: 'invalid_prompt',
  context_length: 'invalid_prompt',
  content_policy: 'invalid_prompt',
}

/**
 * The `error` event. The SDK throws what is nested, as the vendor sends it, and types the fields
 * beside (`ResponseErrorEvent`): both are there.
 */
export function errorEvent(failure: GatewayError, sequenceNumber: number): JsonObject {
  const { error } = errorBody(failure)
  const said: { [key: string]: Json | undefined } = isObject(error) ? error : {}
  return defined({
    type: 'error',
    sequence_number: sequenceNumber,
    code: said['code'] ?? null,
    message: said['message'] ?? failure.message,
    param: said['param'] ?? null,
    error: said,
  })
}
