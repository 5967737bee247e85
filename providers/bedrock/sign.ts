// AWS Signature Version 4 (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).

import { gather, utf8, type Bytes, type Provider, type WireRequest } from '#kit'

const service = 'bedrock'

/** Adds a bearer key, or a signature over method, URL, time and body. */
export const sign: NonNullable<Provider['sign']> = async (request, key, { settings, now }) => {
  if (settings['auth'] !== 'sigv4')
    return { ...request, headers: { authorization: `Bearer ${key}`, ...request.headers } }
  const [accessKeyId = '', secret = '', token = ''] = key.split(':')
  const body = await held(request.body)
  const date = new Date(now()).toISOString().replace(/[:-]|\.\d{3}/g, '')
  const headers: Record<string, string> = {
    host: new URL(request.url).host,
    'x-amz-date': date,
    ...(token === '' ? {} : { 'x-amz-security-token': token }),
  }
  const names = Object.keys(headers).join(';')
  const scope = `${date.slice(0, 8)}/${settings['region'] ?? ''}/${service}/aws4_request`
  const hash = hex(await sha256(body))
  const claim = [
    'AWS4-HMAC-SHA256',
    date,
    scope,
    hex(await sha256(canonical(request, headers, hash))),
  ]
  const signature = hex(await hmac(await signingKey(secret, scope), claim.join('\n')))
  const { host: _, ...added } = headers
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`
  return {
    ...request,
    headers: { ...request.headers, ...added, authorization },
    ...(request.body === undefined ? {} : { body }),
  }
}

/** The body as bytes: the signature covers it, so a stream is read whole first. */
async function held(body: WireRequest['body']): Promise<Uint8Array> {
  if (body === undefined) return new Uint8Array(0)
  if (typeof body === 'string') return utf8.encode(body)
  if (body instanceof Uint8Array) return body
  const source: Bytes | null = body instanceof ReadableStream ? body : new Response(body).body
  return source === null ? new Uint8Array(0) : gather(source)
}

/** The canonical request: the path is encoded once more, the query is sorted. */
function canonical(
  { method, url }: WireRequest,
  headers: Record<string, string>,
  bodyHash: string,
): Uint8Array {
  const { pathname, searchParams } = new URL(url)
  const query = [...searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const path = encoded(pathname).replaceAll('%2F', '/')
  const names = Object.keys(headers).join(';')
  return utf8.encode([method, path, query, lines.join(''), names, bodyHash].join('\n'))
}

/** RFC 3986: everything but unreserved characters. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )

/** The key of a day, a region and a service, each folded into the secret. */
async function signingKey(secret: string, scope: string): Promise<Uint8Array> {
  let key: Uint8Array = utf8.encode(`AWS4${secret}`)
  for (const part of scope.split('/')) key = await hmac(key, part)
  return key
}

async function hmac(key: Uint8Array, text: string): Promise<Uint8Array> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const made = await crypto.subtle.importKey('raw', new Uint8Array(key), algorithm, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', made, utf8.encode(text)))
}

const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes)))

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
