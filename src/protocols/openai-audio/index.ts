// The OpenAI audio protocol (`/v1/audio/speech`, `/transcriptions`, `/translations`), in three
// directions: the gateway's face, the outbound adapter and the mock.

export {
  decodeSpeechRequest,
  decodeSpeechStream,
  encodeSpeechRequest,
  encodeSpeechStream,
  speechContentTypes,
  type SpeechOrder,
} from './speech.ts'
export {
  decodeTranscriptionForm,
  encodeTranscriptionForm,
  type TranscriptionOrder,
} from './transcription-request.ts'
export { decodeTranscript, encodeTranscript, type TranscriptShape } from './transcript.ts'
export { decodeTranscriptStream, encodeTranscriptStream } from './transcript-stream.ts'
export { audioProtocol } from './wire.ts'
