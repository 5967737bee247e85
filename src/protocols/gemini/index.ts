// Google's generateContent, whole and streamed (https://ai.google.dev/api/generate-content).

import { fold } from '#core/events'
import { GatewayError } from '#core/error'
import { isObject } from '#core/json'
import type { Protocol } from '#core/protocol'
import { replyReader, streamDecoder } from './decoder.ts'
import { streamEncoder } from './encoder.ts'
import { decodeError, encodeError } from './error.ts'
import { encodeReply } from './reply.ts'
import { decodeRequest, encodeRequest } from './request.ts'
import { names, protocolId } from './vocabulary.ts'
import { streamWatch } from './watch.ts'

/**
 * Model and streaming are in the path: decode requests with an `Envelope`, send them to
 * `models/<id>:generateContent` or `:streamGenerateContent`.
 */
export const gemini: Protocol = {
  id: protocolId,
  names,
  request: { decode: decodeRequest, encode: encodeRequest },
  reply: {
    decode(body) {
      if (!isObject(body))
        throw new GatewayError('upstream', 'The provider answered with something that is no reply')
      const reader = replyReader(true)
      return fold([...reader.push(body), ...reader.finish()])
    },
    encode: encodeReply,
  },
  stream: {
    decoder: streamDecoder,
    encoder: streamEncoder,
    watch: streamWatch,
    failure: (error) => [{ data: JSON.stringify(encodeError(error).body) }],
  },
  error: { decode: decodeError, encode: encodeError },
}
