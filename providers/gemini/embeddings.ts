import {
  decodeGeminiVectors,
  encodeGeminiEmbeddings,
  geminiEmbeddingProtocol,
  parseJson,
  type Immediate,
} from '#kit'
import { post } from './wire.ts'

/** `:batchEmbedContents`, which the vendor's SDK uses for one text as for many. */
export const embeddings: Immediate<'embedding'> = {
  carries: (protocol) => protocol === geminiEmbeddingProtocol,
  async run(request, call) {
    const body = encodeGeminiEmbeddings(request, call.model.id)
    const response = await post(call, 'batchEmbedContents', JSON.stringify(body))
    return decodeGeminiVectors(parseJson(await response.text()), call.model.id)
  },
}
