import { GatewayError, isObject, parseJson, type Provider, type Setup } from '#kit'

export interface ServiceAccount {
  email: string
  privateKey: string
  keyId: string | undefined
  /** Where a token is to be had. */
  tokenUrl: string
  project: string | undefined
}

/** The key file of a service account. @throws GatewayError `invalid_request` when it is none. */
export function readAccount(text: string): ServiceAccount {
  const file = parseJson(text)
  const field = (name: string): string | undefined => {
    const value = isObject(file) ? file[name] : undefined
    return typeof value === 'string' ? value : undefined
  }
  const [email, privateKey] = [field('client_email'), field('private_key')]
  if (email === undefined || privateKey === undefined)
    throw new GatewayError(
      'invalid_request',
      'GOOGLE_APPLICATION_CREDENTIALS_JSON must be the JSON key file of a service account',
    )
  return {
    email,
    privateKey,
    keyId: field('private_key_id'),
    tokenUrl: field('token_uri') ?? 'https://oauth2.googleapis.com/token',
    project: field('project_id'),
  }
}

/** A service account goes before a token, a token before an API key (express mode, without a project). */
export const setup: NonNullable<Provider['setup']> = (variable) => {
  const location =
    variable('GOOGLE_VERTEX_LOCATION') ?? variable('GOOGLE_CLOUD_LOCATION') ?? 'global'
  const named = variable('GOOGLE_VERTEX_PROJECT') ?? variable('GOOGLE_CLOUD_PROJECT')
  const at = (key: string, auth: string, project: string): Setup => ({
    key,
    origin: originOf(location),
    settings: { project, location, auth },
  })
  const account = variable('GOOGLE_APPLICATION_CREDENTIALS_JSON')
  if (account !== undefined) {
    const project = named ?? readAccount(account).project
    return project === undefined ? undefined : at(account, 'account', project)
  }
  const token = variable('GOOGLE_VERTEX_ACCESS_TOKEN')
  if (token !== undefined && named !== undefined) return at(token, 'token', named)
  const key = variable('GOOGLE_VERTEX_API_KEY')
  return key === undefined
    ? undefined
    : { key, settings: { project: '', location: 'global', auth: 'key' } }
}

/** Hosts as @ai-sdk/google-vertex 5.0.141 names them. */
function originOf(location: string): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com'
  return location === 'eu' || location === 'us'
    ? `https://aiplatform.${location}.rep.googleapis.com`
    : `https://${location}-aiplatform.googleapis.com`
}
