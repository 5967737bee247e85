import {
  decodeModerationReply,
  encodeModerationRequest,
  moderationProtocol,
  parseJson,
  type Immediate,
} from '#kit'

/** `/v1/moderations`. */
export const moderations: Immediate<'moderation'> = {
  carries: (protocol) => protocol === moderationProtocol,
  async run(request, call) {
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}/v1/moderations`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(encodeModerationRequest(request, call.model.id)),
    })
    return decodeModerationReply(parseJson(await response.text()))
  },
}
