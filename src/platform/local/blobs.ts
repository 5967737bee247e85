// Generated media on Node: a folder with a file and a note of its type and end for each key.

import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { once } from '#core/bytes'
import { isObject, parseJson } from '#core/json'
import type { Blobs, Clock } from '../ports.ts'

export function createFolderBlobs(
  folder: string,
  clock: Pick<Clock, 'now'>,
): Blobs & { sweep(): Promise<void> } {
  const noteOf = (key: string): string => join(folder, `${safe(key)}.json`)
  const fileOf = (key: string): string => join(folder, safe(key))

  async function read(note: string): Promise<{ mediaType: string; expiresAt: number } | undefined> {
    const text = await readFile(note, 'utf8').catch(() => undefined)
    const value = text === undefined ? undefined : parseJson(text)
    if (!isObject(value)) return undefined
    const { mediaType, expiresAt } = value
    return typeof mediaType === 'string' && typeof expiresAt === 'number'
      ? { mediaType, expiresAt }
      : undefined
  }

  return {
    async put(key, { mediaType, expiresAt, body }) {
      await mkdir(folder, { recursive: true })
      const source = 'bytes' in body ? once(body.bytes) : body.stream
      await pipeline(Readable.from(source, { objectMode: false }), createWriteStream(fileOf(key)))
      await writeFile(noteOf(key), JSON.stringify({ mediaType, expiresAt }))
    },
    async get(key) {
      const note = await read(noteOf(key))
      if (note === undefined || note.expiresAt <= clock.now()) return undefined
      const { size } = await stat(fileOf(key))
      return { ...note, size, body: { stream: createReadStream(fileOf(key)) } }
    },
    async delete(key) {
      await rm(noteOf(key), { force: true })
      await rm(fileOf(key), { force: true })
    },
    /** Deletes what has expired. */
    async sweep() {
      for (const name of await readdir(folder).catch(() => []))
        if (name.endsWith('.json')) {
          const note = await read(join(folder, name))
          if (note !== undefined && note.expiresAt > clock.now()) continue
          await rm(join(folder, name), { force: true })
          await rm(join(folder, name.slice(0, -5)), { force: true })
        }
    },
  }
}

/** Keys are ours, but a file name is no place for trust. */
const safe = (key: string): string => key.replace(/[^A-Za-z0-9._-]/g, '_').replace(/^\.+/, '_')
