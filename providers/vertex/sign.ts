// A service account's key is exchanged for a token of an hour (developers.google.com/identity/protocols/oauth2/service-account).

import {
  fromBase64,
  GatewayError,
  isObject,
  parseJson,
  toBase64,
  utf8,
  type Provider,
  type SignContext,
} from '#kit'
import { readAccount, type ServiceAccount } from './setup.ts'

const scope = 'https://www.googleapis.com/auth/cloud-platform'
/** Milliseconds that a token must still be good for. */
const margin = 60_000

interface Token {
  value: string
  until: number
}

/** By key file: a gateway has one, tests have several. */
const tokens = new Map<string, Token>()

export const sign: NonNullable<Provider['sign']> = async (request, key, context) => {
  const added =
    context.settings['auth'] === 'key'
      ? { 'x-goog-api-key': key }
      : { authorization: `Bearer ${await tokenOf(key, context)}` }
  return { ...request, headers: { ...added, ...request.headers } }
}

async function tokenOf(key: string, context: SignContext): Promise<string> {
  if (context.settings['auth'] !== 'account') return key
  const known = tokens.get(key)
  if (known !== undefined && known.until > context.now() + margin) return known.value
  // Two requests at once may ask twice: a promise must not be shared between requests of a Worker.
  const token = await exchanged(readAccount(key), context)
  tokens.set(key, token)
  return token.value
}

async function exchanged(account: ServiceAccount, { now, send }: SignContext): Promise<Token> {
  const asked = now()
  const response = await send({
    method: 'POST',
    url: account.tokenUrl,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: await claim(account, asked),
    }).toString(),
  })
  const reply = parseJson(await response.text())
  const value = isObject(reply) ? reply['access_token'] : undefined
  const seconds = isObject(reply) ? reply['expires_in'] : undefined
  if (typeof value !== 'string' || typeof seconds !== 'number')
    throw new GatewayError('upstream', 'Google gave no token for the service account', {
      code: 'provider_authentication',
    })
  return { value, until: asked + seconds * 1000 }
}

/** A JSON Web Token that the account signs: who asks for what, for an hour at most. */
async function claim(account: ServiceAccount, now: number): Promise<string> {
  const issued = Math.floor(now / 1000)
  const head = {
    alg: 'RS256',
    typ: 'JWT',
    ...(account.keyId === undefined ? {} : { kid: account.keyId }),
  }
  const body = {
    iss: account.email,
    scope,
    aud: account.tokenUrl,
    iat: issued,
    exp: issued + 3600,
  }
  const signed = [head, body].map((part) => urlSafe(utf8.encode(JSON.stringify(part)))).join('.')
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('pkcs8', derOf(account.privateKey), algorithm, false, [
    'sign',
  ])
  const signature = await crypto.subtle.sign(algorithm.name, key, utf8.encode(signed))
  return `${signed}.${urlSafe(new Uint8Array(signature))}`
}

/** The bytes of a PEM text. */
const derOf = (pem: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(fromBase64(pem.replace(/-----[^-]+-----|\s/g, '')))

const urlSafe = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
