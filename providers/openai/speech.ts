import {
  audioProtocol,
  decodeSpeechStream,
  encodeSpeechRequest,
  GatewayError,
  speechContentTypes,
  type Bytes,
  type Call,
  type Immediate,
  type SpeechRequest,
  type WireResponse,
} from '#kit'
import { speaksInEvents, voices } from './models-media.ts'

/**
 * `/v1/audio/speech`. Models that can are asked for events: only these tell the tokens they used, and
 * only their end shows that the sound is whole.
 */
export const speech: Immediate<'speech'> = {
  carries: (protocol) => protocol === audioProtocol,
  async run(request, call) {
    const sse = speaksInEvents(call.model.id)
    const response = await call.send({
      method: 'POST',
      url: `${call.origin}/v1/audio/speech`,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(encodeSpeechRequest(fitted(request, call), call.model.id, { sse })),
    })
    const mediaType = speechContentTypes[request.format]
    const characters = request.text.length
    const isStream = response.header('content-type')?.includes('event-stream') === true
    if (!isStream) return { mediaType, audio: sound(response), usage: () => ({ characters }) }
    const { audio, usage } = decodeSpeechStream(response.body)
    return { mediaType, audio, usage: () => ({ ...usage(), characters }) }
  },
}

/** Newer voices are not spoken by older models; a voice the catalogue does not know is the vendor's to judge. */
function fitted(request: SpeechRequest, { model, lose }: Call): SpeechRequest {
  const spoken = model.speech?.voices ?? []
  const [usual] = spoken
  const isKnown = voices.includes(request.voice)
  if (usual === undefined || !isKnown || spoken.includes(request.voice)) return request
  lose('voice', `voice ${request.voice} became ${usual}: this model does not have it`)
  return { ...request, voice: usual }
}

/** The sound itself. @throws GatewayError `upstream` for a page or an empty body, which are no sound. */
async function* sound(response: WireResponse): Bytes {
  const type = response.header('content-type') ?? ''
  let isEmpty = true
  for await (const chunk of response.body) {
    if (type.startsWith('text/') || type.includes('json')) break
    isEmpty = isEmpty && chunk.length === 0
    yield chunk
  }
  if (isEmpty)
    throw new GatewayError('upstream', 'The provider answered with something that is no sound')
}
