import type { ImageLimits, ImageOption, Model, Price } from '#kit'

/** `aspect_ratio` of every generate endpoint. */
const ratios = ['21:9', '16:9', '3:2', '5:4', '1:1', '4:5', '2:3', '9:16', '9:21'] as const

// One credit is 0.01 USD.
const price = (credits: number): Price => ({
  image: credits / 100,
  source: 'platform.stability.ai/docs/api-reference, June 2026',
})

const options: readonly ImageOption[] = ['seed', 'style', 'negativePrompt', 'user']

const generating: ImageLimits = {
  ratios,
  formats: ['png', 'jpeg', 'webp'],
  maxCount: 1,
  repeat: true,
  takes: options,
  operations: ['generate'],
}

const editing: ImageLimits = {
  ...generating,
  takes: [...options, 'strength', 'mask'],
  operations: ['generate', 'edit', 'variation'],
  maxInputs: 1,
}

/** A current Stable Diffusion model; the alias is its name in the form's `model` field. */
const diffusion = (size: string, name: string, credits: number): Model => ({
  id: `stable-diffusion-3.5-${size}`,
  name: `Stable Diffusion 3.5 ${name}`,
  aliases: [`sd3.5-${size}`],
  does: ['image'],
  image: editing,
  price: price(credits),
})

// Since that day Stability answers these names with 3.5 (API reference of `generate/sd3`).
const rerouted = (size: string): Model => ({
  id: `stable-diffusion-3-${size}`,
  aliases: [`sd3-${size}`],
  does: ['image'],
  retired: { on: '2025-04-17', successor: `stable-diffusion-3.5-${size}` },
})

export const models: readonly Model[] = [
  diffusion('large', 'Large', 6.5),
  diffusion('large-turbo', 'Large Turbo', 4),
  diffusion('medium', 'Medium', 3.5),
  diffusion('flash', 'Flash', 2.5),
  {
    id: 'stable-image-ultra',
    name: 'Stable Image Ultra',
    does: ['image'],
    image: editing,
    price: price(8),
  },
  {
    id: 'stable-image-core',
    name: 'Stable Image Core',
    does: ['image'],
    image: generating,
    price: price(3),
  },
  rerouted('large'),
  rerouted('large-turbo'),
  rerouted('medium'),
]
