import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitImage, fitSpeech } from '#core/fit'
import type { ImageLimits, ImageRequest, SpeechRequest } from '#core/media'
import type { Model } from '#core/provider'

const asked: ImageRequest = {
  model: 'm',
  operation: 'generate',
  prompt: 'a bird',
  count: 1,
  images: [],
  stream: false,
  extra: { protocol: 'p', fields: {} },
}

const limits: ImageLimits = {
  formats: ['png', 'jpeg'],
  maxCount: 1,
  takes: [],
  operations: ['generate', 'edit'],
}

function fit(request: Partial<ImageRequest>, own: Partial<ImageLimits>) {
  const losses: string[] = []
  const model: Model = { id: 'm', does: ['image'], image: { ...limits, ...own } }
  const fitted = fitImage({ ...asked, ...request }, model, (_, message) => losses.push(message))
  return { ...fitted, losses }
}

describe('an image request', () => {
  it('is left alone by a model that can do it', () => {
    const size = { width: 1024, height: 1536 }
    const { request, losses } = fit(
      { size, quality: 'low', seed: 1 },
      {
        sizes: ['1024x1024', '1024x1536'],
        qualities: ['low'],
        takes: ['seed'],
      },
    )
    expect(request).toEqual({ ...asked, size, quality: 'low', seed: 1 })
    expect(losses).toEqual([])
  })

  it('takes the nearest size, shape before pixels, and says so', () => {
    const { request, losses } = fit(
      { size: { width: 1920, height: 1080 } },
      { sizes: ['1024x1024', '1536x1024', '1024x1536'] },
    )
    expect(request.size).toEqual({ width: 1536, height: 1024 })
    expect(losses).toEqual(['size 1920x1080 became 1536x1024, the nearest this model makes'])
  })

  it('stays within every bound of a model with free sizes, whatever was asked', () => {
    const freeSize = {
      step: 16,
      minSide: 16,
      maxSide: 3840,
      maxRatio: 3,
      minPixels: 655_360,
      maxPixels: 3840 * 2160,
    }
    const side = fc.integer({ min: 1, max: 9999 })
    fc.assert(
      fc.property(side, side, (width, height) => {
        const { request } = fit({ size: { width, height } }, { freeSize })
        const made = request.size ?? { width: 0, height: 0 }
        const pixels = made.width * made.height
        expect((made.width % 16) + (made.height % 16)).toBe(0)
        expect(Math.max(made.width, made.height)).toBeLessThanOrEqual(3840)
        expect(Math.max(made.width / made.height, made.height / made.width)).toBeLessThanOrEqual(3)
        expect(pixels).toBeGreaterThanOrEqual(655_360)
        expect(pixels).toBeLessThanOrEqual(3840 * 2160)
      }),
    )
    const big = fit({ size: { width: 4000, height: 3000 } }, { freeSize }).request.size
    expect(big).toEqual({ width: 3312, height: 2496 })
    const exact = { width: 1024, height: 640 }
    expect(fit({ size: exact }, { freeSize }).request.size).toEqual(exact)
  })

  it('becomes the nearest ratio at a model that is steered by ratios', () => {
    const { request, losses } = fit(
      { size: { width: 1792, height: 1024 } },
      { ratios: ['1:1', '16:9', '9:16', '4:3'] },
    )
    expect(request.aspectRatio).toBe('16:9')
    expect(request.size).toBeUndefined()
    expect(losses).toHaveLength(1)
    expect(fit({ aspectRatio: '16:9' }, { ratios: ['1:1', '16:9'] }).losses).toEqual([])
  })

  it('becomes a size of that ratio at a model that is steered by sizes', () => {
    const { request, losses } = fit(
      { aspectRatio: '9:16' },
      { sizes: ['1024x1024', '1536x1024', '1024x1536'] },
    )
    expect(request.size).toEqual({ width: 1024, height: 1536 })
    expect(losses).toEqual([])
  })

  it('keeps free sizes on the grid and inside the bounds', () => {
    const freeSize = { step: 16, minSide: 256, maxSide: 3840, maxRatio: 3 }
    expect(fit({ size: { width: 1000, height: 1000 } }, { freeSize }).request.size).toEqual({
      width: 1008,
      height: 1008,
    })
    expect(fit({ size: { width: 1024, height: 768 } }, { freeSize }).losses).toEqual([])
    const wide = fit({ size: { width: 9000, height: 500 } }, { freeSize }).request.size
    expect(wide).toBeDefined()
    if (wide === undefined) return
    expect(wide.width / wide.height).toBeLessThanOrEqual(3.05)
    expect(wide.width).toBeLessThanOrEqual(3840)
    expect((wide.width % 16) + (wide.height % 16)).toBe(0)
  })

  it('reports each option the model lacks', () => {
    const { request, losses } = fit(
      { seed: 7, negativePrompt: 'cats', quality: 'high', format: 'webp' },
      {},
    )
    expect(request.seed).toBeUndefined()
    expect(request.format).toBe('png')
    expect(losses.map((loss) => loss.split(' ')[0])).toEqual([
      'output_format',
      'quality',
      'seed',
      'negative_prompt',
    ])
  })

  it('is split into several calls where the model makes fewer at once', () => {
    expect(fit({ count: 5 }, { maxCount: 2, repeat: true }).counts).toEqual([2, 2, 1])
    const few = fit({ count: 5 }, { maxCount: 2 })
    expect(few.counts).toEqual([2])
    expect(few.losses).toEqual(['n 5 became 2: this model makes no more at once'])
  })

  it('is refused where there is no nearest: an operation or a mask', () => {
    expect(() => fit({ operation: 'variation' }, {})).toThrow(
      expect.objectContaining({ kind: 'unsupported' }),
    )
    const mask = { mediaType: 'image/png', body: { bytes: new Uint8Array() } }
    expect(() => fit({ mask }, {})).toThrow(/mask/)
  })

  it('is never changed in place', () => {
    const request = Object.freeze({
      ...asked,
      seed: 3,
      size: Object.freeze({ width: 5, height: 7 }),
    })
    expect(() => fit(request, { sizes: ['1024x1024'] })).not.toThrow()
  })
})

describe('a speech request', () => {
  const speech: SpeechRequest = {
    model: 'm',
    text: 'hello',
    voice: 'alloy',
    format: 'mp3',
    extra: { protocol: 'p', fields: {} },
  }
  const model: Model = {
    id: 'm',
    does: ['speech'],
    speech: { formats: ['wav', 'pcm'], voices: [] },
  }

  it('takes the nearest sound format and reports what is left out', () => {
    const losses: string[] = []
    const fitted = fitSpeech({ ...speech, speed: 2, instructions: 'whisper' }, model, (field) =>
      losses.push(field),
    )
    expect(fitted).toEqual({ ...speech, format: 'wav' })
    expect(losses).toEqual(['response_format', 'instructions', 'speed'])
  })
})
