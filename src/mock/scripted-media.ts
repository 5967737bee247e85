// Media that a script has chosen for a call, or that follow from what was asked.

import { once, toReadable } from '#core/bytes'
import { drawImage, type ImageRequest } from './media/image.ts'
import { synthesize, type SoundRequest } from './media/sound.ts'
import { bytesOf } from './script/answer.ts'
import type { MockCall } from './world.ts'

/** The scripted picture of the call as it is, or one drawn as asked. */
export async function picture(call: MockCall, request: ImageRequest): Promise<Uint8Array> {
  const image = call.scripted?.image
  return image === undefined ? drawImage(request) : bytesOf(image)
}

/** The scripted sound of the call as it is, or one made as asked. */
export function voice(call: MockCall, request: SoundRequest): ReadableStream<Uint8Array> {
  const audio = call.scripted?.audio
  return audio === undefined ? synthesize(request) : toReadable(once(bytesOf(audio)))
}
