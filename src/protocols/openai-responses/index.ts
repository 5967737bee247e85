// OpenAI Responses (`POST /v1/responses`), without the store behind it: that is the face's.

import type { Protocol } from '#core/protocol'
import { decodeError, encodeError } from '../openai-chat/error.ts'
import { streamDecoder } from './decoder.ts'
import { encodeRequest } from './encode.ts'
import { encodeReply, streamEncoder } from './encoder.ts'
import { errorEvent } from './error.ts'
import { decodeReply } from './reply.ts'
import { decodeRequest } from './request.ts'
import { id, names } from './vocabulary.ts'
import { streamWatch } from './watch.ts'

export { itemId } from './ids.ts'
export { foreignItems, ownItems } from './own.ts'
export { hostedFields, readHostedState, type HostedState } from './request.ts'

/** The protocol of the `openai` SDK's `responses` (checked with 7.57). */
export const openaiResponses: Protocol = {
  id,
  names,
  request: { decode: decodeRequest, encode: encodeRequest },
  reply: { decode: decodeReply, encode: encodeReply },
  stream: {
    decoder: streamDecoder,
    encoder: streamEncoder,
    watch: streamWatch,
    // Where the stream had not begun; its encoder knows the right number.
    failure: (error) => [{ event: 'error', data: JSON.stringify(errorEvent(error, 0)) }],
  },
  error: { decode: decodeError, encode: encodeError },
}
