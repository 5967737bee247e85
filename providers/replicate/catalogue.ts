// Image models and what each calls its inputs: the schemas on replicate.com/<owner>/<name>/api, read in 2026.

import type { ImageFormat, ImageLimits, MaskPaint } from '#kit'

/** Which input of a model takes which option; what is absent, the model does not take. */
export interface Inputs {
  /** Community models are run by version. */
  version?: string
  aspectRatio?: string
  /** The ratio that means "as the input image"; sent where the model would not do so by itself. */
  ratioOfInput?: string
  /** How a size in pixels is said. */
  size?: { width: string; height: string } | { pixels: string }
  count?: string
  format?: string
  compression?: string
  seed?: string
  negativePrompt?: string
  style?: string
  strength?: string
  image?: { name: string; isList?: boolean; needsMask?: boolean }
  mask?: { name: string; paint: MaskPaint }
}

export interface ImageModel {
  id: string
  name: string
  aliases: readonly string[]
  inputs: Inputs
  limits: Pick<ImageLimits, 'formats' | 'maxCount' | 'ratios' | 'sizes' | 'freeSize' | 'maxInputs'>
  /** US dollars an image. */
  price?: number
}

/** How Replicate's models write formats. */
export const formatNames = { png: 'png', jpeg: 'jpg', webp: 'webp' } as const satisfies Record<
  ImageFormat,
  string
>

const all: readonly ImageFormat[] = ['webp', 'jpeg', 'png']

const basic = ['1:1', '16:9', '3:2', '2:3', '4:5', '5:4', '9:16', '3:4', '4:3']
const wide = [...basic, '21:9', '9:21']
const diffusionRatios = ['1:1', '16:9', '21:9', '2:3', '3:2', '4:5', '5:4', '9:16', '9:21']
const ideogramRatios = '1:3 3:1 1:2 2:1 9:16 16:9 10:16 16:10 2:3 3:2 3:4 4:3 4:5 5:4 1:1'.split(
  ' ',
)
const recraftSizes =
  '1024x1024 1365x1024 1024x1365 1536x1024 1024x1536 1820x1024 1024x1820 2048x1024 1024x2048 1280x1024 1024x1280 1434x1024 1024x1434 1707x1024 1024x1707'.split(
    ' ',
  )

const common = { aspectRatio: 'aspect_ratio', seed: 'seed', format: 'output_format' }
const flux = { ...common, compression: 'output_quality' }
const diffusion: Inputs = {
  ...common,
  negativePrompt: 'negative_prompt',
  strength: 'prompt_strength',
  image: { name: 'image' },
}
const kontext: Inputs = { ...common, image: { name: 'input_image' } }
const ideogram: Inputs = {
  aspectRatio: 'aspect_ratio',
  seed: 'seed',
  style: 'style_type',
  image: { name: 'image', needsMask: true },
  mask: { name: 'mask', paint: 'black' },
}

const kontextModel = (tier: string, name: string, price: number): ImageModel => ({
  id: `black-forest-labs/flux-kontext-${tier}`,
  name: `FLUX.1 Kontext ${name}`,
  aliases: [`flux-kontext-${tier}`],
  inputs: kontext,
  limits: { formats: ['png', 'jpeg'], maxCount: 1, ratios: [...wide, '2:1', '1:2'], maxInputs: 1 },
  price,
})

const ideogramModel = (tier: string, name: string): ImageModel => ({
  id: `ideogram-ai/ideogram-v3-${tier}`,
  name: `Ideogram 3.0 ${name}`,
  aliases: [`ideogram-v3-${tier}`],
  inputs: ideogram,
  limits: { formats: ['png'], maxCount: 1, ratios: ideogramRatios, maxInputs: 1 },
})

export const imageModels: readonly ImageModel[] = [
  {
    id: 'stability-ai/stable-diffusion-3.5-large',
    name: 'Stable Diffusion 3.5 Large',
    aliases: ['stable-diffusion-3.5-large'],
    inputs: diffusion,
    limits: { formats: all, maxCount: 1, ratios: diffusionRatios, maxInputs: 1 },
  },
  {
    id: 'stability-ai/stable-diffusion-3.5-large-turbo',
    name: 'Stable Diffusion 3.5 Large Turbo',
    aliases: ['stable-diffusion-3.5-large-turbo'],
    inputs: common,
    limits: { formats: all, maxCount: 1, ratios: diffusionRatios },
  },
  {
    id: 'stability-ai/stable-diffusion-3.5-medium',
    name: 'Stable Diffusion 3.5 Medium',
    aliases: ['stable-diffusion-3.5-medium'],
    inputs: diffusion,
    limits: { formats: all, maxCount: 1, ratios: diffusionRatios, maxInputs: 1 },
  },
  {
    id: 'stability-ai/sdxl',
    name: 'Stable Diffusion XL',
    aliases: ['sdxl'],
    inputs: {
      version: '7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc',
      size: { width: 'width', height: 'height' },
      count: 'num_outputs',
      seed: 'seed',
      negativePrompt: 'negative_prompt',
      strength: 'prompt_strength',
      image: { name: 'image' },
      mask: { name: 'mask', paint: 'white' },
    },
    limits: {
      formats: ['png'],
      maxCount: 4,
      freeSize: { step: 8, minSide: 512, maxSide: 1536, maxRatio: 3 },
      maxInputs: 1,
    },
  },
  {
    id: 'black-forest-labs/flux-schnell',
    name: 'FLUX.1 Schnell',
    aliases: ['flux-schnell'],
    inputs: { ...flux, count: 'num_outputs' },
    limits: { formats: all, maxCount: 4, ratios: wide },
    price: 0.003,
  },
  {
    id: 'black-forest-labs/flux-dev',
    name: 'FLUX.1 Dev',
    aliases: ['flux-dev'],
    inputs: {
      ...flux,
      count: 'num_outputs',
      strength: 'prompt_strength',
      image: { name: 'image' },
    },
    limits: { formats: all, maxCount: 4, ratios: wide, maxInputs: 1 },
    price: 0.025,
  },
  {
    id: 'black-forest-labs/flux-1.1-pro',
    name: 'FLUX1.1 Pro',
    aliases: ['flux-1.1-pro'],
    inputs: flux,
    limits: { formats: all, maxCount: 1, ratios: basic },
    price: 0.04,
  },
  {
    id: 'black-forest-labs/flux-1.1-pro-ultra',
    name: 'FLUX1.1 Pro Ultra',
    aliases: ['flux-1.1-pro-ultra'],
    inputs: { aspectRatio: 'aspect_ratio', format: 'output_format' },
    limits: { formats: ['jpeg', 'png'], maxCount: 1, ratios: basic },
    price: 0.06,
  },
  {
    id: 'black-forest-labs/flux-2-pro',
    name: 'FLUX.2 Pro',
    aliases: ['flux-2-pro'],
    inputs: {
      ...flux,
      ratioOfInput: 'match_input_image',
      image: { name: 'input_images', isList: true },
    },
    limits: { formats: all, maxCount: 1, ratios: basic, maxInputs: 8 },
  },
  kontextModel('pro', 'Pro', 0.04),
  kontextModel('max', 'Max', 0.08),
  ideogramModel('turbo', 'Turbo'),
  ideogramModel('balanced', 'Balanced'),
  ideogramModel('quality', 'Quality'),
  {
    id: 'recraft-ai/recraft-v3',
    name: 'Recraft V3',
    aliases: ['recraft-v3'],
    inputs: { size: { pixels: 'size' }, style: 'style' },
    limits: { formats: ['webp'], maxCount: 1, sizes: recraftSizes },
    price: 0.04,
  },
]
