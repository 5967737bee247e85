import { imageFormats, type ImageLimits, type ImageOption, type Model } from '#kit'
import { imageModels, type ImageModel, type Inputs } from './catalogue.ts'

/** Inputs that are options of an image request by the same name. */
const optional = [
  'seed',
  'negativePrompt',
  'strength',
  'mask',
  'style',
  'compression',
] as const satisfies readonly (ImageOption & keyof Inputs)[]

const limitsOf = ({ inputs, limits }: ImageModel): ImageLimits => ({
  ...limits,
  repeat: true,
  takes: optional.filter((option) => inputs[option] !== undefined),
  operations:
    inputs.image === undefined
      ? ['generate']
      : inputs.strength === undefined
        ? ['generate', 'edit']
        : ['generate', 'edit', 'variation'],
})

/** Text models whose input is `prompt`, `system_prompt`, `max_tokens`, `temperature`, `top_p` and `top_k`. */
export const textModels: readonly Model[] = [
  {
    id: 'meta/meta-llama-3-8b-instruct',
    name: 'Llama 3 8B Instruct',
    aliases: ['meta-llama-3-8b-instruct'],
    does: ['chat'],
    context: 8192,
  },
  {
    id: 'meta/meta-llama-3-70b-instruct',
    name: 'Llama 3 70B Instruct',
    aliases: ['meta-llama-3-70b-instruct'],
    does: ['chat'],
    context: 8192,
  },
  {
    id: 'meta/meta-llama-3.1-405b-instruct',
    name: 'Llama 3.1 405B Instruct',
    aliases: ['meta-llama-3.1-405b-instruct'],
    does: ['chat'],
  },
]

export const models: readonly Model[] = [
  ...imageModels.map((model): Model => {
    const { id, name, aliases, price } = model
    const source = 'replicate.com model pages, as listed in 2025'
    const cost = price === undefined ? {} : { price: { image: price, source } }
    return { id, name, aliases, does: ['image'], image: limitsOf(model), ...cost }
  }),
  ...textModels,
]

/** `owner/name` and `owner/name:version`. */
const identifier = /^[\w.-]+\/[\w.-]+(?::[0-9a-f]{64})?$/

/** Any other model draws from a prompt; its further inputs are the caller's `input` object. */
export function resolve(id: string): Model | undefined {
  if (!identifier.test(id)) return undefined
  return {
    id,
    does: ['image'],
    image: {
      formats: imageFormats,
      maxCount: 1,
      repeat: true,
      takes: [],
      operations: ['generate'],
    },
  }
}
