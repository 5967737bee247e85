// Pixels of the image models by ratio and `imageSize` (ai.google.dev/gemini-api/docs/image-generation).

export type ImageSize = '512' | '1K' | '2K' | '4K' | 'first'

/** At 1K, since Gemini 3; other sizes are half, twice and four times as long. */
const ratios: Record<string, readonly [number, number]> = {
  '1:1': [1024, 1024],
  '2:3': [848, 1264],
  '3:2': [1264, 848],
  '3:4': [896, 1200],
  '4:3': [1200, 896],
  '4:5': [928, 1152],
  '5:4': [1152, 928],
  '9:16': [768, 1376],
  '16:9': [1376, 768],
  '21:9': [1584, 672],
}
/** Since Gemini 3.1. */
const extremes: typeof ratios = {
  '1:4': [512, 2048],
  '4:1': [2048, 512],
  '1:8': [384, 3072],
  '8:1': [3072, 384],
}
/** Of the first model, which knows no `imageSize`. */
const first: typeof ratios = {
  '1:1': [1024, 1024],
  '2:3': [832, 1248],
  '3:2': [1248, 832],
  '3:4': [864, 1184],
  '4:3': [1184, 864],
  '4:5': [896, 1152],
  '5:4': [1152, 896],
  '9:16': [768, 1344],
  '16:9': [1344, 768],
  '21:9': [1536, 672],
}

const factors: Record<ImageSize, number> = { '512': 0.5, '1K': 1, '2K': 2, '4K': 4, first: 1 }

/** What is asked for to get an image of these pixels. */
export type Shape = {
  aspectRatio: string
  imageSize?: Exclude<ImageSize, 'first'>
}

const shapes = new Map<string, Shape>()
const pixels = new Map<string, { width: number; height: number }>()

const keyOf = ({ aspectRatio, imageSize }: Shape): string => `${aspectRatio} ${imageSize ?? ''}`

/** The sizes of a model, as `WxH`. */
export const sizesOf = (sizes: readonly ImageSize[], hasExtremes: boolean): string[] =>
  sizes.flatMap((size) => {
    const table = size === 'first' ? first : hasExtremes ? { ...ratios, ...extremes } : ratios
    return Object.entries(table).map(([aspectRatio, [width, height]]) => {
      const shape = size === 'first' ? { aspectRatio } : { aspectRatio, imageSize: size }
      const made = { width: width * factors[size], height: height * factors[size] }
      const name = `${made.width}x${made.height}`
      const known = shapes.get(name)
      // The square of 1024 pixels is in two tables; the shape without a size suits both.
      shapes.set(name, known === undefined || known.imageSize === size ? shape : { aspectRatio })
      pixels.set(keyOf(shape), made)
      return name
    })
  })

export const allSizes: readonly string[] = sizesOf(['512', '1K', '2K', '4K'], true)

export const shapeOf = (size: { width: number; height: number }): Shape | undefined =>
  shapes.get(`${size.width}x${size.height}`)

/** The pixels of an image that was asked for by shape. */
export const pixelsOf = (
  aspectRatio: string,
  imageSize: string | undefined,
): { width: number; height: number } | undefined =>
  pixels.get(`${aspectRatio} ${imageSize ?? ''}`) ??
  pixels.get(`${aspectRatio} ${imageSize ?? '1K'}`)
