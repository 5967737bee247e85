// The only module a provider may import.

export * from '#core/bytes'
export * from '#core/chat'
export * from '#core/error'
export * from '#core/events'
export * from '#core/image-type'
export * from '#core/json'
export * from '#core/mask'
export * from '#core/media'
export * from '#core/protocol'
export * from '#core/provider'
export * from '#core/reader'
export * from '#core/transport'
export { bedrockConverse } from '#protocols/bedrock-converse/index'
export { cohereChat } from '#protocols/cohere-chat/index'
export { awsEventSplitter } from '#protocols/aws-event-stream'
export { gemini } from '#protocols/gemini/index'
export { functionCalls, signedCalls } from '#protocols/gemini/own'
export * from '#protocols/gemini-embeddings'
export { scanJson, type ScannedJson } from '#protocols/json-stream'
export * from '#protocols/openai-audio/index'
export { bearer, compatible, type CompatibleOptions } from '#protocols/compatible'
export {
  accented,
  openaiOnly,
  sameOr,
  type Accent,
  type Amend,
  type Efforts,
} from '#protocols/openai-chat/accent'
export { openaiChat } from '#protocols/openai-chat/index'
export { strictMessages } from '#protocols/openai-chat/strict'
export * from '#protocols/openai-embeddings'
export { foreignItems, openaiResponses, ownItems } from '#protocols/openai-responses/index'
export * from '#protocols/openai-images/index'
export * from '#protocols/openai-moderations'
export { anthropicCounting, anthropicMessages } from '#protocols/anthropic-messages/index'
export { foreignProof, ownThoughts } from '#protocols/anthropic-messages/own'
export * from '#protocols/speaks'
export * from '#protocols/speaks-media'
export * from '#protocols/sse'
export { mockApp } from '#mock/app'
export {
  findModel,
  mediaRoute,
  mockChat,
  type Framing,
  type MockChatOptions,
  type MockIds,
} from '#mock/chat'
export type { MockDialect, MockFailure } from '#mock/dialect'
export { embed } from '#mock/embed'
export { MockRefusal } from '#mock/failure'
export { hear, type Listening } from '#mock/hear'
export { contentTypes, drawImage, probe, speechSeconds, synthesize } from '#mock/media/index'
export { think, type Place } from '#mock/mind'
export { sign, verify, type Signed, type Tampered } from '#mock/mind/proof'
export { hostDialect, type HostFacts, type HostRefusal } from '#mock/host-dialect'
export { mockHost, type MockHostOptions } from '#mock/host'
export { moderate, type Moderation } from '#mock/moderate'
export { pieces } from '#mock/pieces'
export { protocolDialect } from '#mock/protocol-dialect'
export { remember, type Store } from '#mock/remember'
export { picture, voice } from '#mock/scripted-media'
export { countRequest, countTokens } from '#core/tokens'
export type { MockCall, MockEnv, MockWorld } from '#mock/world'
