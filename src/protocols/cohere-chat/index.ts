import type { Protocol } from '#core/protocol'
import { decodeError, encodeError, failureEvents } from './error.ts'
import { decodeReply, encodeReply } from './reply.ts'
import { decodeRequest } from './request-decode.ts'
import { encodeRequest } from './request-encode.ts'
import { streamDecoder } from './stream-decode.ts'
import { streamEncoder, streamWatch } from './stream-encode.ts'
import { id } from './vocabulary.ts'

/**
 * Cohere's Chat API v2 (`POST /v2/chat`), as cohere-ai 8.1.0 writes and reads it.
 *
 * What it cannot say: more than one answer; files other than images; whether a tool failed; a tool
 * that must be called among others (the others are left out); signed thoughts. Replies carry no model.
 */
export const cohereChat: Protocol = {
  id,
  request: { decode: decodeRequest, encode: encodeRequest },
  reply: { decode: decodeReply, encode: encodeReply },
  stream: {
    decoder: streamDecoder,
    encoder: streamEncoder,
    watch: streamWatch,
    failure: failureEvents,
  },
  error: { decode: decodeError, encode: encodeError },
}
