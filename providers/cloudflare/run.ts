import {
  GatewayError,
  isObject,
  parseJson,
  type Call,
  type JsonObject,
  type Settings,
  type WireResponse,
} from '#kit'

/** The path of an account's models. */
export const rootOf = ({ account = '' }: Settings): string => `/client/v4/accounts/${account}/ai`

/** Runs a model with inputs of its own. */
export const run = (call: Call, inputs: JsonObject): Promise<WireResponse> =>
  call.send({
    method: 'POST',
    url: `${call.origin}${rootOf(call.settings)}/run/${call.model.id}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(inputs),
  })

/** What is inside the envelope `{ result, success, errors, messages }`. @throws GatewayError `upstream` */
export async function resultOf(response: WireResponse): Promise<JsonObject> {
  const reply = parseJson(await response.text())
  const result = isObject(reply) ? reply['result'] : undefined
  if (isObject(result)) return result
  throw new GatewayError('upstream', 'The provider answered with something that is no result')
}
