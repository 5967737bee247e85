// How Anthropic refuses, and what it sends with every reply.

import { type MockDialect, type MockFailure } from '#kit'

export const dialect: MockDialect = {
  // SDK 1.x sends a bearer token, older ones and curl `x-api-key`; both are taken with both versions.
  keyOf(request) {
    const bearer = /^Bearer (.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    const key = request.headers.get('x-api-key') ?? bearer ?? ''
    return key === '' ? undefined : key
  },
  refuse(failure, requestId) {
    const { status, type, message, headers } = refusal(failure)
    const id = wireId(requestId)
    return Response.json(
      { type: 'error', error: { type, message }, request_id: id },
      {
        status,
        headers: { ...headers, 'request-id': id, 'anthropic-organization-id': organization },
      },
    )
  },
  headers: (requestId) => ({
    'request-id': wireId(requestId),
    'anthropic-organization-id': organization,
  }),
}

const organization = '27796668-7351-40ac-acc4-024aee8995a5'

const wireId = (digits: string): string => `req_011C${digits.slice(0, 20)}`

interface Refusal {
  status: number
  type: string
  message: string
  headers?: Record<string, string>
}

const again = { 'x-should-retry': 'true' }
const enough = { 'x-should-retry': 'false' }

function refusal(failure: MockFailure): Refusal {
  const usual = fixed[failure.kind]
  if (failure.kind === 'not-found') return { ...usual, message: missing(failure.what) }
  if (failure.kind === 'bad-request') return { ...usual, message: failure.message }
  if (failure.kind !== 'rate-limited') return usual
  return { ...usual, headers: { ...again, 'retry-after': String(failure.retryAfterSeconds) } }
}

/** The API names a missing model with the field it stood in. */
const missing = (what: string): string => (what.startsWith('/') ? 'Not Found' : `model: ${what}`)

const invalid = { status: 400, type: 'invalid_request_error', headers: enough } as const

/** The errors page of the docs. */
const fixed: Record<MockFailure['kind'], Refusal> = {
  'no-key': {
    status: 401,
    type: 'authentication_error',
    message: 'x-api-key header is required',
    headers: enough,
  },
  'bad-key': {
    status: 401,
    type: 'authentication_error',
    message: 'invalid x-api-key',
    headers: enough,
  },
  forbidden: {
    status: 403,
    type: 'permission_error',
    message: 'Your API key does not have permission to use the specified resource.',
    headers: enough,
  },
  quota: {
    status: 402,
    type: 'billing_error',
    message: 'Your credit balance is too low to access the Claude API.',
    headers: enough,
  },
  'rate-limited': {
    status: 429,
    type: 'rate_limit_error',
    message: 'This request would exceed the rate limit of your organization.',
  },
  overloaded: { status: 529, type: 'overloaded_error', message: 'Overloaded', headers: again },
  'server-error': {
    status: 500,
    type: 'api_error',
    message: 'Internal server error',
    headers: again,
  },
  timeout: { status: 504, type: 'timeout_error', message: 'Request timed out', headers: again },
  'not-found': { status: 404, type: 'not_found_error', message: 'Not Found', headers: enough },
  'too-large': {
    status: 413,
    type: 'request_too_large',
    message: 'Request exceeds the maximum size',
    headers: enough,
  },
  moderated: { ...invalid, message: 'Output blocked by content filtering policy' },
  'context-length': { ...invalid, message: 'prompt is too long: 1048577 tokens > 1000000 maximum' },
  'bad-request': { ...invalid, message: 'Invalid request' },
}

/** Rate limits of a fourth-tier account. */
export function limitHeaders(now: number): Record<string, string> {
  const reset = new Date(Math.ceil(now / 60_000) * 60_000).toISOString().replace(/\.\d+Z$/, 'Z')
  return Object.fromEntries(
    Object.entries(limits).flatMap(([what, limit]) => [
      [`anthropic-ratelimit-${what}-limit`, String(limit)],
      [`anthropic-ratelimit-${what}-remaining`, String(limit - 1)],
      [`anthropic-ratelimit-${what}-reset`, reset],
    ]),
  )
}

const limits = {
  requests: 4000,
  tokens: 2_400_000,
  'input-tokens': 2_000_000,
  'output-tokens': 400_000,
}
