/** Time that passes only by sleeping: `sleep` returns at once and moves `now`. */
export function mockClock(start = Date.UTC(2026, 0, 15)) {
  let time = start
  /** Milliseconds of every sleep. */
  const slept: number[] = []
  const now = (): number => time
  async function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted()
    slept.push(milliseconds)
    time += milliseconds
  }
  return { slept, now, world: { now, sleep } }
}
