import {
  decodeImageReply,
  defined,
  imageProtocol,
  toBase64,
  type Asset,
  type Call,
  type ImageRequest,
  type Immediate,
  type JsonObject,
} from '#kit'

/** `/v1/images/generations` and `/v1/images/edits`, both in JSON (@ai-sdk/xai 5.0, `XaiImageModel`). */
export const images: Immediate<'image'> = {
  carries: (protocol) => protocol === imageProtocol,
  async run(request, call) {
    const inputs = await Promise.all(request.images.map((asset) => link(asset, call)))
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}/v1/images/${inputs.length === 0 ? 'generations' : 'edits'}`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(encode(request, inputs, call.model.id)),
    })
    return decodeImageReply(response.body, 'image/jpeg')
  },
}

function encode(request: ImageRequest, inputs: JsonObject[], model: string): JsonObject {
  const { extra } = request
  const [first, ...more] = inputs
  return defined({
    model,
    prompt: request.prompt,
    n: request.count,
    response_format: 'b64_json',
    aspect_ratio: request.aspectRatio,
    quality: request.quality,
    user: request.user,
    ...(more.length === 0 ? { image: first } : { images: inputs }),
    ...(extra.protocol === imageProtocol ? extra.fields : {}),
  })
}

async function link(asset: Asset, call: Call): Promise<JsonObject> {
  const fetched = await call.fetchAsset(asset)
  const base64 = toBase64(await fetched.bytes())
  return { type: 'image_url', url: `data:${fetched.mediaType};base64,${base64}` }
}
