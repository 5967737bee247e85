// The OpenAI images protocol (`/v1/images/generations`, `/edits`, `/variations`), in three directions:
// the gateway's face, the outbound adapter and the mock.

export {
  decodeImageForm,
  decodeImageRequest,
  encodeImageRequest,
  imageProtocol,
  type EncodedImageRequest,
  type ImageOrder,
  type LoadImage,
} from './request.ts'
export { decodeImageReply, encodeImageReply, type ImageReplyOptions } from './reply.ts'
export { decodeImageStream, encodeImageStream, type ImageStreamOptions } from './stream.ts'
