import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromBase64 } from '#core/bytes'
import { defined, parseJson } from '#core/json'
import type { Asset, ImageRequest } from '#core/media'
import {
  decodeImageForm,
  decodeImageRequest,
  encodeImageRequest,
} from '#protocols/openai-images/index'

const png = (tail: number[]): Asset => ({
  mediaType: 'image/png',
  body: { bytes: Uint8Array.from([...fromBase64('iVBORw0KGgo='), ...tail]) },
})
const picture: fc.Arbitrary<Asset> = fc.array(fc.nat(255), { maxLength: 400 }).map(png)
const file: fc.Arbitrary<Asset> = picture.map((asset) => ({ ...asset, name: 'input.png' }))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const side = fc.integer({ min: 1, max: 4000 })

const shape = fc.oneof(
  fc.constant({}),
  fc.record({ size: fc.record({ width: side, height: side }) }),
  fc.constantFrom({ aspectRatio: '16:9' }, { aspectRatio: '1:3' }),
)
const fields = fc.record({
  user: maybe(fc.string()),
  format: maybe(fc.constantFrom('png' as const, 'jpeg' as const, 'webp' as const)),
  compression: maybe(fc.integer({ min: 0, max: 100 })),
  quality: maybe(fc.constantFrom('low' as const, 'medium' as const, 'high' as const)),
  background: maybe(fc.constantFrom('transparent' as const, 'opaque' as const)),
  seed: maybe(fc.nat()),
  negativePrompt: maybe(fc.string()),
  strength: maybe(fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0)),
  style: maybe(fc.constantFrom('vivid', 'natural')),
  moderation: maybe(fc.constantFrom('low', 'auto')),
  inputFidelity: maybe(fc.constantFrom('high' as const, 'low' as const)),
})
const request = (images: fc.Arbitrary<Asset[]>, operation: ImageRequest['operation']) =>
  fc
    .record({
      prompt: fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
      count: fc.integer({ min: 1, max: 10 }),
      images,
      fields,
      shape,
      complexity: maybe(fc.constantFrom('low', 'high')),
      partialImages: maybe(fc.integer({ min: 0, max: 3 })),
    })
    .map(
      ({ fields: optional, shape: sized, complexity, partialImages, ...rest }): ImageRequest => ({
        model: 'gpt-image-2',
        operation,
        ...rest,
        ...defined(optional),
        ...sized,
        stream: partialImages !== undefined,
        ...defined({ partialImages }),
        extra: { protocol: 'openai-images', fields: defined({ complexity }) },
      }),
    )

const bytesOf = async (asset: Asset) => {
  if (!('bytes' in asset.body)) throw new Error('No bytes in hand')
  return { mediaType: asset.mediaType, bytes: asset.body.bytes }
}

describe('a request for images', () => {
  it('survives JSON', () =>
    fc.assert(
      fc.asyncProperty(request(fc.constant([]), 'generate'), async (sent) => {
        const encoded = await encodeImageRequest(sent, sent.model, bytesOf)
        const json = 'json' in encoded ? parseJson(JSON.stringify(encoded.json)) : undefined
        expect(decodeImageRequest(json, 'generate').request).toEqual(sent)
      }),
    ))

  it('survives a form, with its images and its mask', () =>
    fc.assert(
      fc.asyncProperty(
        request(fc.array(file, { minLength: 1, maxLength: 3 }), 'edit'),
        maybe(file),
        async (plain, mask) => {
          const sent = { ...plain, ...defined({ mask }) }
          const encoded = await encodeImageRequest(sent, sent.model, bytesOf)
          const form = 'form' in encoded ? encoded.form : new FormData()
          const wire = await new Response(form).formData()
          expect((await decodeImageForm(wire, 'edit')).request).toEqual(crossed(sent))
        },
      ),
      { numRuns: 40 },
    ))
})

/** A form writes every line end as CR LF. */
const crossed = (sent: ImageRequest): ImageRequest => ({
  ...sent,
  prompt: lines(sent.prompt),
  ...(sent.user === undefined ? {} : { user: lines(sent.user) }),
  ...(sent.negativePrompt === undefined ? {} : { negativePrompt: lines(sent.negativePrompt) }),
})
const lines = (text: string): string => text.replace(/\r\n|\r|\n/g, '\r\n')

describe('what callers write', () => {
  const decode = (body: object) =>
    decodeImageRequest({ model: 'm', prompt: 'p', ...body }, 'generate')

  it('is refused by the name of the field', () => {
    for (const [body, param] of [
      [{ size: '10' }, 'size'],
      [{ size: '0x10' }, 'size'],
      [{ size: '10x10', aspect_ratio: '1:1' }, 'aspect_ratio'],
      [{ aspect_ratio: 'wide' }, 'aspect_ratio'],
      [{ n: 0 }, 'n'],
      [{ n: 1.5 }, 'n'],
      [{ n: 11 }, 'n'],
      [{ quality: 'best' }, 'quality'],
      [{ output_compression: 101 }, 'output_compression'],
      [{ partial_images: 4 }, 'partial_images'],
      [{ strength: 2 }, 'strength'],
      [{ response_format: 'file' }, 'response_format'],
      [{ prompt: ' ' }, 'prompt'],
      [{ prompt: undefined }, 'prompt'],
      [{ model: undefined }, 'model'],
      [{ stream: 'yes' }, 'stream'],
      [{ images: [{ file_id: 'file-1' }] }, 'images[0]'],
    ] as const)
      expect(() => decode(body), JSON.stringify(body)).toThrow(
        expect.objectContaining({ kind: 'invalid_request', details: { param } }),
      )
    expect(() => decode({ size: '10' })).toThrow("size must be 'auto' or WIDTHxHEIGHT")
    expect(() => decodeImageRequest({ model: 'm', prompt: 'p' }, 'edit')).toThrow('image must be')
  })

  it('may be in the words of older models', () => {
    expect(decode({ quality: 'standard' }).request.quality).toBe('medium')
    expect(decode({ quality: 'hd' }).request.quality).toBe('high')
    expect(decode({ quality: 'auto', size: 'auto', background: 'auto' }).request).toEqual(
      decode({}).request,
    )
    expect(decode({ response_format: 'url' }).deliver).toBe('url')
    expect(decode({}).deliver).toBe('b64_json')
  })

  it('may be finer than ours and is kept for those who understand it', async () => {
    const { request } = decode({ quality: 'max', output_format: 'gif', frame_count: 4, n: null })
    expect(request.quality).toBe('high')
    expect(request.extra.fields).toEqual({ quality: 'max', output_format: 'gif', frame_count: 4 })
    const encoded = await encodeImageRequest(request, 'm', bytesOf)
    expect('json' in encoded && encoded.json).toMatchObject({
      quality: 'max',
      output_format: 'gif',
    })
  })

  it('may name no model where the gateway has one', () => {
    expect(decodeImageRequest({ prompt: 'p' }, 'generate', 'image').request.model).toBe('image')
  })

  it('may link its images', () => {
    const { request } = decodeImageRequest(
      {
        model: 'm',
        prompt: 'p',
        images: [{ image_url: 'https://example.com/a.png' }],
        mask: { image_url: 'data:image/png;base64,iVBORw0KGgo=' },
      },
      'edit',
    )
    expect(request.images).toEqual([
      { mediaType: 'image/*', body: { url: 'https://example.com/a.png' } },
    ])
    expect(request.mask).toEqual(png([]))
  })

  it('keeps a markup through a form', async () => {
    const form = new FormData()
    form.append('model', 'gpt-image-2.5-flare')
    form.append('prompt', 'p')
    form.append('image[]', new File([fromBase64('iVBORw0KGgo=')], 'a.png'))
    form.append('markup', new File([fromBase64('iVBORw0KGgo=')], 'm.png', { type: 'image/png' }))
    form.append('svg[reasoning][effort]', 'low')
    form.append('future[]', 'one')
    const { request } = await decodeImageForm(form, 'edit')
    expect(request.extra.fields).toMatchObject({
      svg: { reasoning: { effort: 'low' } },
      future: ['one'],
    })
    const encoded = await encodeImageRequest(request, 'm', bytesOf)
    expect('form' in encoded && encoded.form.get('markup')).toBeInstanceOf(File)
    expect('form' in encoded && encoded.form.get('svg[reasoning][effort]')).toBe('low')
  })
})
