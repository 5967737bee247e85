/** A map that forgets its oldest entries: the state of mocked jobs, files and counters. */
export interface Store<T> {
  get(id: string): T | undefined
  set(id: string, value: T): void
  delete(id: string): void
  clear(): void
}

/** @param limit The most entries kept; what was set longest ago goes first. */
export function remember<T>(limit = 1000): Store<T> {
  const entries = new Map<string, T>()
  return {
    get: (id) => entries.get(id),
    set(id, value) {
      entries.delete(id)
      entries.set(id, value)
      const [oldest] = entries.keys()
      if (entries.size > limit && oldest !== undefined) entries.delete(oldest)
    },
    delete(id) {
      entries.delete(id)
    },
    clear: () => entries.clear(),
  }
}
