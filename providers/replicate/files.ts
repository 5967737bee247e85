import { GatewayError, isObject, parseJson, toBase64, type Asset, type Call } from '#kit'

/** Files up to this size travel inside the request; Replicate asks for larger ones to be uploaded. */
const inlineBytes = 256 * 1024

/** A URL under which Replicate can read the asset: its own when public, or that of the bytes. */
export async function inputUrl(asset: Asset, call: Call): Promise<string> {
  if ('url' in asset.body && asset.body.url.startsWith('https:')) return asset.body.url
  const fetched = await call.fetchAsset(asset)
  return fileUrl(await fetched.bytes(), fetched.mediaType, call)
}

export const fileUrl = async (bytes: Uint8Array, mediaType: string, call: Call): Promise<string> =>
  bytes.length <= inlineBytes
    ? `data:${mediaType};base64,${toBase64(bytes)}`
    : upload(bytes, mediaType, call)

async function upload(bytes: Uint8Array, mediaType: string, call: Call): Promise<string> {
  const form = new FormData()
  const name = `input.${mediaType.replace(/^.*\//, '')}`
  form.append('content', new Blob([new Uint8Array(bytes)], { type: mediaType }), name)
  form.append('metadata', new Blob(['{}'], { type: 'application/json' }))
  const response = await call.send({
    method: 'POST',
    url: `${call.origin}/v1/files`,
    headers: {},
    body: form,
  })
  const file = parseJson(await response.text())
  const urls = isObject(file) && isObject(file['urls']) ? file['urls'] : {}
  if (typeof urls['get'] === 'string') return urls['get']
  throw new GatewayError('upstream', 'Replicate did not say where the uploaded file is')
}
