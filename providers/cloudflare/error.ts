import {
  defined,
  GatewayError,
  isObject,
  kindOfStatus,
  openaiChat,
  type ErrorKind,
  type Failure,
} from '#kit'

/** Codes of Workers AI that say more than the status (developers.cloudflare.com/workers-ai/platform/errors). */
const kinds: Record<number, ErrorKind | undefined> = {
  3006: 'too_large',
  3007: 'timeout',
  3008: 'timeout',
  3036: 'quota_exhausted',
  3040: 'overloaded',
  3042: 'not_found',
  5007: 'not_found',
}

/** `{ success: false, errors: [{ code, message }] }`; OpenAI's shape where there is no such list. */
export function readError(failure: Failure): GatewayError {
  const { json, status } = failure
  const errors = isObject(json) ? json['errors'] : undefined
  const [first] = Array.isArray(errors) ? errors : []
  if (!isObject(first)) return openaiChat.error.decode(failure)
  const { code, message } = first
  const number = typeof code === 'number' ? code : undefined
  const retryAfter = Number(failure.header('retry-after') ?? Number.NaN)
  return new GatewayError(
    (number === undefined ? undefined : kinds[number]) ?? kindOfStatus(status),
    typeof message === 'string' && message !== ''
      ? message
      : `The provider refused the request with status ${status}`,
    defined({
      status,
      code: number === undefined ? undefined : String(number),
      body: json,
      requestId: failure.header('cf-ray'),
      retryAfterMs: retryAfter >= 0 ? retryAfter * 1000 : undefined,
    }),
  )
}
