import { describe, expect, it } from 'vitest'
import { fromBase64, gather, textOf, toReadable, once } from '#core/bytes'
import { grayscaleMask } from '#core/mask'
import { drawImage } from '#mock/media/image'

// Written by ffmpeg's PNG encoder from 9x7 pixels whose alpha is (29 x + 37 y) modulo 256.
const golden = {
  'RGBA with mixed filters':
    'iVBORw0KGgoAAAANSUhEUgAAAAkAAAAHCAYAAADam2dgAAAACXBIWXMAAAAAAAAAAQCEeRdzAAAAQklEQVR4nGNkAAJ2BgZZfJiFgZtBlYGBURYfRlLEhAuroiliRseqIBqLIhYQVoXSYIxNEZDPKouM0RVBTQBJssExACedCHd08f9EAAAAAElFTkSuQmCC',
  'RGBA, interlaced, with Paeth filters':
    'iVBORw0KGgoAAAANSUhEUgAAAAkAAAAHCAYAAAGtnFf2AAAACXBIWXMAAAAAAAAAAQCEeRdzAAAAe0lEQVR4nH3OwQ3CMAyF4d/F0AiqilNPzZFbB0AewfN0lMzFHIxBLBopF7D0ydGTnxShzhPessIubJSV+x5kBotU2VIhEhZ8Rq2n0YFkML0ORUbI0W+UZXDqeXMEF/tWk3fBte7JhBuPEcn/aHwJhgynX7w70urcePfOH8n4E+XeDhR3AAAAAElFTkSuQmCC',
  'RGBA of sixteen bits with average filters':
    'iVBORw0KGgoAAAANSUhEUgAAAAkAAAAHEAYAAACKC7sjAAAACXBIWXMAAAAAAAAAAQCEeRdzAAABMUlEQVR4nIWQTU4DMQyF7fhnkFixYVWkiTQVN0AcAXEHOAJsEaVtmg6cA45JZ5LgZLpnIo1l+/nLcxDOX4f1f7Pq3BJ1AtdyhGyxv/inTwCXJlkPlBQQfE97Fcy+F9Hkgh94L4UOVs8S3K/vOehIsemQ3/wgLIm3voKuzM79HW0UcTKh00xkgKiOPk0w6bEChDSyWB9kZvADBY3aNWCQjwa6RqDHBx4V6csEW0lUne304E42iApMlgcFQevv9SjHn28GRXHWn62+aaCVA3p6ptlAthKTHiqIs1mPLc8SzWGyQayOJUlpgKBNL6kb7QIAL+BeX+hdC0kTFIa2IjGfATUvWhoAdVSqK6od6+cFaKDbDBqDWS6cm5DqGxhollMbcLLUWRfQpLaiRdedHXY73/8BdslaFUyrSXwAAAAASUVORK5CYII=',
  'gray and alpha with sub filters':
    'iVBORw0KGgoAAAANSUhEUgAAAAkAAAAHCAQAAABwkq/rAAAACXBIWXMAAAAAAAAAAQCEeRdzAAAAI0lEQVR4nGNkYGCXRYWMDKqYQl6YQvmYQlMwhXZiCt1DFwIAl9UK8TawrYUAAAAASUVORK5CYII=',
}
const opaque =
  'iVBORw0KGgoAAAANSUhEUgAAAAkAAAAHCAIAAABV+fA3AAAACXBIWXMAAAAAAAAAAQCEeRdzAAAAnElEQVR4nA3JMWoDMRBA0R97vdpYi2yMNWxAmAilCGIKqxrVc/9DJa99AAESZCjQoMOA+R9EQvxI8ZTjucSlxUuP64hhxg2EIKckS5a1yNbk2mUfkqbcoRLqOdU1189S91ZvvT5GzbMeoARdkm5Z96L3ps+ux9Ay9RuMYJdk12y3Ys9mX91ew9q0X3CCr8n37I/iR/NX95/hffr7DxblEfjBb/OdAAAAAElFTkSuQmCC'
const [width, height] = [9, 7]
const alphaAt = (index: number): number =>
  ((index % width) * 29 + Math.floor(index / width) * 37) % 256

/** The pixels of what the converter writes: eight bits, gray, no filters. */
async function pixelsOf(png: Uint8Array) {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  expect(textOf(png.subarray(12, 16))).toBe('IHDR')
  expect([...png.subarray(24, 29)]).toEqual([8, 0, 0, 0, 0])
  const columns = view.getUint32(16)
  expect(textOf(png.subarray(37, 41))).toBe('IDAT')
  const data = png.subarray(41, 41 + view.getUint32(33))
  const inflated = toReadable(once(data)).pipeThrough(new DecompressionStream('deflate'))
  const rows = await gather(inflated)
  return [...rows].filter((_, index) => index % (columns + 1) !== 0)
}

describe('grayscaleMask', () => {
  for (const [kind, base64] of Object.entries(golden)) {
    it(`paints what is transparent, white or black: ${kind}`, async () => {
      const mask = fromBase64(base64)
      const alpha = Array.from({ length: width * height }, (_, index) => alphaAt(index))
      expect(await pixelsOf(await grayscaleMask(mask, 'black'))).toEqual(alpha)
      expect(await pixelsOf(await grayscaleMask(mask, 'white'))).toEqual(
        alpha.map((value) => 255 - value),
      )
    })
  }

  it('reads the transparency of a palette', async () => {
    const mask = await drawImage({
      prompt: 'A mask',
      width: 65,
      height: 33,
      format: 'png',
      transparent: true,
    })
    const pixels = await pixelsOf(await grayscaleMask(mask, 'white'))
    expect(pixels).toHaveLength(65 * 33)
    expect(Math.min(...pixels)).toBe(0)
    expect(Math.max(...pixels)).toBe(255)
  })

  it('refuses a mask that has no transparency', async () => {
    await expect(grayscaleMask(fromBase64(opaque), 'white')).rejects.toMatchObject({
      kind: 'invalid_request',
      details: { param: 'mask' },
    })
  })

  it('refuses a PNG cut anywhere, and anything that is no PNG', async () => {
    const whole = fromBase64(golden['RGBA with mixed filters'])
    // The last twelve bytes are the end chunk, and the four before them a checksum.
    for (let length = 0; length < whole.length - 24; length += 3)
      await expect(grayscaleMask(whole.slice(0, length), 'white')).rejects.toMatchObject({
        kind: 'invalid_request',
        details: { param: 'mask' },
      })
  })
})
