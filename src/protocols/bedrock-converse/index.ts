import type { Protocol } from '#core/protocol'
import { decodeError, encodeError, failureEvents } from './error.ts'
import { decodeReply, encodeReply } from './reply.ts'
import { decodeRequest } from './request-decode.ts'
import { encodeRequest } from './request-encode.ts'
import { streamDecoder } from './stream-decode.ts'
import { streamEncoder, streamWatch } from './stream-encode.ts'
import { id } from './vocabulary.ts'

/**
 * Amazon Bedrock's Converse and ConverseStream (@aws-sdk/client-bedrock-runtime 3.1164), whose streams
 * come as `aws-event-stream.ts` frames them. Model and streaming are in the path.
 *
 * What it cannot say: more than one answer; seed, penalties, verbosity, the end user; files behind
 * URLs other than `s3://`. Replies carry neither an id nor a model.
 */
export const bedrockConverse: Protocol = {
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
