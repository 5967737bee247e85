import type { Protocol } from '#core/protocol'
import { decodeError, encodeError, failureEvents } from './error.ts'
import { decodeReply, encodeReply } from './reply.ts'
import { decodeRequest } from './request-decode.ts'
import { encodeRequest } from './request-encode.ts'
import { streamDecoder, streamEncoder, streamWatch } from './stream.ts'
import { id, names } from './vocabulary.ts'

/**
 * Anthropic's Messages API (`POST /v1/messages`), as its SDK types it.
 *
 * What it cannot say: more than one answer; seed, penalties, verbosity (told to `lose`); audio and
 * video input (`unsupported`); media in replies (Markdown links with data URLs, see `encodePart`).
 * Reasoning signed by another protocol travels through callers inside `signature` (see `pack`).
 */
export const anthropicMessages: Protocol = {
  id,
  names,
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

export { anthropicCounting } from './count.ts'
