import type { Prediction } from 'replicate'
import type { MockDialect, MockFailure } from '#kit'

interface Refusal {
  status: number
  detail: string
  title?: string
  invalid_fields?: { type: string; field: string; description: string }[]
}

/** Refusals as Replicate writes them: `{ detail, status, title? }`. */
export const dialect: MockDialect = {
  keyOf(request) {
    const [, key] =
      /^(?:Bearer|Token) (.+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
    return key
  },
  refuse(failure, requestId) {
    // Replicate takes the prompt and lets the prediction fail.
    if (failure.kind === 'moderated')
      return Response.json(flagged(requestId), {
        status: 201,
        headers: { 'x-request-id': requestId },
      })
    const body = refusal(failure)
    const headers: Record<string, string> = { 'x-request-id': requestId }
    if (failure.kind === 'rate-limited') headers['retry-after'] = String(failure.retryAfterSeconds)
    const type = 'application/problem+json'
    return Response.json(body, {
      status: body.status,
      headers: { ...headers, 'content-type': type },
    })
  },
  headers: (requestId) => ({ 'x-request-id': requestId }),
}

/** The hosts that serve files and streams, whose addresses are the secret. */
export const openDialect: MockDialect = { ...dialect, keyOf: () => 'mock' }

function refusal(failure: Exclude<MockFailure, { kind: 'moderated' }>): Refusal {
  switch (failure.kind) {
    case 'no-key':
    case 'bad-key':
      return {
        title: 'Unauthenticated',
        detail: 'You did not pass a valid authentication token',
        status: 401,
      }
    case 'forbidden':
      return { title: 'Forbidden', detail: 'This token may not do this', status: 403 }
    case 'quota':
      return {
        title: 'Insufficient credit',
        detail: 'There is not enough credit in this account to run this model',
        status: 402,
      }
    case 'rate-limited':
      return {
        detail: `Request was throttled. Your rate limit resets in ~${failure.retryAfterSeconds}s.`,
        status: 429,
      }
    case 'overloaded':
      return { detail: 'Service temporarily unavailable', status: 503 }
    case 'server-error':
      return { detail: 'Internal server error', status: 500 }
    case 'timeout':
      return { detail: 'Gateway timeout', status: 504 }
    case 'not-found':
      return { detail: 'The requested resource could not be found.', status: 404 }
    case 'too-large':
      return { detail: 'The request body is too large', status: 413 }
    case 'context-length':
      return invalid('The prompt is longer than the model can read', 'input.prompt')
    case 'bad-request':
      return failure.param === undefined
        ? { title: 'Invalid version or not permitted', detail: failure.message, status: 422 }
        : invalid(failure.message, failure.param)
    default:
      return failure satisfies never
  }
}

/** `field` is empty for the body itself, and `input` or `input.<name>` for the model's inputs. */
function invalid(description: string, field: string): Refusal {
  return {
    title: 'Input validation failed',
    detail: `- ${field === '' ? '' : `${field}: `}${description}\n`,
    status: 422,
    invalid_fields: [{ type: typeOf(description), field, description }],
  }
}

const typeOf = (description: string): string =>
  description.endsWith('is required')
    ? 'required'
    : description.startsWith('Additional property')
      ? 'additional_property_not_allowed'
      : 'invalid_type'

function flagged(requestId: string): Pick<Prediction, 'id' | 'status' | 'error' | 'output'> {
  const id = requestId.slice(0, 26)
  const error = 'NSFW content detected. Try running it again, or try a different prompt.'
  return { id, status: 'failed', error, output: null }
}
