import { defined, type JsonObject, type Modality, type Model } from '#kit'

const methods: { [M in Modality]: readonly string[] } = {
  chat: ['generateContent', 'countTokens', 'createCachedContent', 'batchGenerateContent'],
  image: ['generateContent', 'countTokens', 'batchGenerateContent'],
  speech: ['countTokens', 'generateContent', 'batchGenerateContent'],
  transcription: ['generateContent'],
  embedding: ['embedContent', 'countTextTokens', 'countTokens', 'asyncBatchEmbedContent'],
  moderation: [],
}

/** A model as `models.list` and `models.get` show it. */
export const listed = (model: Model): JsonObject =>
  defined({
    name: `models/${model.id}`,
    version: '001',
    displayName: model.name ?? model.id,
    inputTokenLimit: model.context,
    outputTokenLimit: model.maxOutput ?? 1,
    supportedGenerationMethods: [...new Set(model.does.flatMap((modality) => methods[modality]))],
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
    thinking: model.can?.includes('reasoning') === true ? true : undefined,
  })
