// Ogg Opus (RFC 7845): 20 ms packets, ten a page; the granule position of the last page cuts the
// sound to the sample.

import { type Bytes, fromText, join, toLittle32 } from './bytes.ts'
import { checkOgg } from '#core/checksum'
import { type Clips, play, unpack } from './clips.ts'
import { hash } from './hash.ts'
import { opusTones } from './tones/opus.ts'
import type { Voice } from './wave.ts'

type Page = { serial: number; sequence: number; flags: number; granule: number }

const clock = 48_000
const packetSamples = 960
const preSkip = 312
const packetsPerPage = 10
const firstPage = 2
const lastPage = 4

let clips: Clips | undefined

export const encodeOpus = function* (voice: Voice) {
  clips ??= unpack(opusTones)
  const serial = hash(voice.text, voice.seed)
  const total = preSkip + Math.max(1, Math.round(voice.seconds * clock))
  const frames = Math.ceil(total / packetSamples)
  const header = [1, 1, preSkip & 255, preSkip >> 8, ...toLittle32(clock), 0, 0, 0]
  yield join([
    page({ serial, sequence: 0, flags: firstPage, granule: 0 }, [
      join([fromText('OpusHead'), header]),
    ]),
    page({ serial, sequence: 1, flags: 0, granule: 0 }, [comments()]),
  ])
  let sequence = 2
  let samples = 0
  for (const packets of play(clips, { ...voice, frames }, packetsPerPage)) {
    samples += packets.length * packetSamples
    const flags = samples >= total ? lastPage : 0
    yield page({ serial, sequence, flags, granule: Math.min(samples, total) }, packets)
    sequence++
  }
}

const comments = (): Bytes => {
  const vendor = fromText('mimus')
  return join([fromText('OpusTags'), toLittle32(vendor.length), vendor, toLittle32(0)])
}

// Packets are shorter than 255 bytes, so each takes one lacing value.
const page = ({ serial, sequence, flags, granule }: Page, packets: Uint8Array[]): Bytes => {
  const bytes = join([
    fromText('OggS'),
    [0, flags],
    toLittle32(granule),
    toLittle32(Math.floor(granule / 0x100000000)),
    toLittle32(serial),
    toLittle32(sequence),
    toLittle32(0),
    [packets.length],
    packets.map((packet) => packet.length),
    ...packets,
  ])
  bytes.set(toLittle32(checkOgg(bytes)), 22)
  return bytes
}
