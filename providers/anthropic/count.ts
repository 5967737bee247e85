import { anthropicCounting, parseJson, type Call, type ChatRequest } from '#kit'

/** The version whose rules `models.ts` states; forwarded callers bring their own. */
export const version = { 'anthropic-version': '2023-06-01' }

/** Input tokens as Anthropic counts them; free of charge, with a rate limit of its own. */
export async function count(request: ChatRequest, call: Call): Promise<number> {
  const body = anthropicCounting.request.encode(request, { model: call.model, lose: call.lose })
  const response = await call.send({
    method: 'POST',
    url: `${call.origin}/v1/messages/count_tokens`,
    headers: { 'content-type': 'application/json', ...version },
    body: JSON.stringify(body),
  })
  return anthropicCounting.reply.decode(parseJson(await response.text()))
}
