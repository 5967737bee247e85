// OpenAI Chat Completions (`POST /v1/chat/completions`), with what compatible hosts add to it.

import type { Protocol } from '#core/protocol'
import { streamDecoder } from './decoder.ts'
import { encodeRequest } from './encode.ts'
import { streamEncoder } from './encoder.ts'
import { decodeError, encodeError, errorBody } from './error.ts'
import { decodeReply, encodeReply } from './reply.ts'
import { decodeRequest } from './request.ts'
import { id, names } from './vocabulary.ts'
import { streamWatch } from './watch.ts'

/** The protocol of the `openai` SDK's `chat.completions` (checked with 7.57). */
export const openaiChat: Protocol = {
  id,
  names,
  request: { decode: decodeRequest, encode: encodeRequest },
  reply: { decode: decodeReply, encode: encodeReply },
  stream: {
    decoder: streamDecoder,
    encoder: streamEncoder,
    watch: streamWatch,
    // No `[DONE]` follows an error.
    failure: (error) => [{ data: JSON.stringify(errorBody(error)) }],
  },
  error: { decode: decodeError, encode: encodeError },
}
