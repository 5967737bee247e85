import { describe, expect, it } from 'vitest'
import { GatewayError } from '#core/error'
import type { Json } from '#core/json'
import type { ImageRequest, ImageStream } from '#core/media'
import type { Call, Deferred, JobState } from '#core/provider'
import type { WireRequest } from '#core/transport'
import { finish } from '../../src/jobs/engine.ts'
import type { Clock } from '../../src/platform/ports.ts'

type State = JobState<'image'>

const request: ImageRequest = {
  model: 'any',
  operation: 'generate',
  prompt: 'A fox',
  count: 1,
  images: [],
  stream: false,
  extra: { protocol: 'none', fields: {} },
}

async function* nothing(): ImageStream {}
const done: State = { status: 'done', result: nothing() }
const pending = (ticket: Json, pollAfterMs: number): State => ({
  status: 'pending',
  ticket,
  pollAfterMs,
})

/** A clock whose sleeps end at once, and are written down. */
function fakeClock(beforeWaking: (slept: number) => void = () => undefined) {
  const sleeps: number[] = []
  const signals: (AbortSignal | undefined)[] = []
  const clock: Clock = {
    now: () => sleeps.reduce((sum, milliseconds) => sum + milliseconds, 0),
    async sleep(milliseconds, signal) {
      sleeps.push(milliseconds)
      signals.push(signal)
      beforeWaking(milliseconds)
      if (signal?.aborted === true) throw new GatewayError('cancelled', 'Woken')
    },
  }
  return { clock, sleeps, signals }
}

function fakeCall(send: (wire: WireRequest) => void = () => undefined) {
  const controller = new AbortController()
  const call: Call = {
    origin: 'https://vendor.test',
    settings: {},
    model: { id: 'any', does: ['image'] },
    signal: controller.signal,
    lose: () => undefined,
    async send(wire) {
      if ((wire.signal ?? controller.signal).aborted) throw new GatewayError('cancelled', 'Gone')
      send(wire)
      return {
        status: 200,
        header: () => undefined,
        headers: () => [],
        body: (async function* () {})(),
        text: async () => '',
        discard: async () => undefined,
      }
    },
    fetchAsset: () => Promise.reject(new Error('not asked for')),
  }
  return { call, controller }
}

/** Answers with the given states in turn; each exchange goes through `call.send`. */
function adapterOf(states: State[]) {
  const polled: Json[] = []
  const cancelled: Json[] = []
  const next = (): State => states.shift() ?? done
  const adapter: Deferred<'image'> = {
    start: async () => next(),
    async poll(ticket, call) {
      polled.push(ticket)
      await call.send({ method: 'GET', url: `${call.origin}/poll`, headers: {} })
      return next()
    },
    async cancel(ticket, call) {
      cancelled.push(ticket)
      await call.send({ method: 'POST', url: `${call.origin}/cancel`, headers: {} })
    },
  }
  return { adapter, polled, cancelled }
}

describe('finish', () => {
  it('does not wait for a job that is done when it has started', async () => {
    const { clock, sleeps } = fakeClock()
    const { adapter } = adapterOf([done])
    expect(await finish(adapter, request, fakeCall().call, clock)).toBe(done.result)
    expect(sleeps).toEqual([])
  })

  it('polls with the newest ticket until the job is done', async () => {
    const { clock } = fakeClock()
    const { adapter, polled } = adapterOf([pending('one', 100), pending('two', 100), done])
    expect(await finish(adapter, request, fakeCall().call, clock)).toBe(done.result)
    expect(polled).toEqual(['one', 'two'])
  })

  it('waits as asked at first, then longer each time, never longer than the bound', async () => {
    const { clock, sleeps } = fakeClock()
    const { adapter } = adapterOf([...Array.from({ length: 12 }, () => pending(0, 1000)), done])
    await finish(adapter, request, fakeCall().call, clock)
    expect(sleeps.slice(0, 3)).toEqual([1000, 1500, 2250])
    expect(sleeps).toHaveLength(12)
    expect(Math.max(...sleeps)).toBe(10_000)
    expect(sleeps.toSorted((left, right) => left - right)).toEqual(sleeps)
  })

  it('waits longer than the bound when the provider asks for it', async () => {
    const { clock, sleeps } = fakeClock()
    const { adapter } = adapterOf([pending(0, 60_000), done])
    await finish(adapter, request, fakeCall().call, clock)
    expect(sleeps).toEqual([60_000])
  })

  it('cancels upstream once when the caller leaves during a wait, over a live signal', async () => {
    const sent: WireRequest[] = []
    const { call, controller } = fakeCall((wire) => sent.push(wire))
    const { clock, signals } = fakeClock((slept) => {
      if (slept === 100) controller.abort()
    })
    const { adapter, cancelled } = adapterOf([pending('one', 100)])
    const outcome = finish(adapter, request, call, clock)
    await expect(outcome).rejects.toMatchObject({ kind: 'cancelled' })
    expect(cancelled).toEqual(['one'])
    expect(sent.map((wire) => wire.url)).toEqual(['https://vendor.test/cancel'])
    expect(signals.map((signal) => signal?.aborted)).toEqual([true, true])
  })

  it('cancels upstream when the caller leaves during a poll', async () => {
    const { call, controller } = fakeCall()
    const { clock } = fakeClock()
    const { adapter, cancelled } = adapterOf([pending('one', 100)])
    const leaving: Deferred<'image'> = {
      ...adapter,
      poll: (ticket, within) => {
        controller.abort()
        return adapter.poll(ticket, within)
      },
    }
    await expect(finish(leaving, request, call, clock)).rejects.toMatchObject({ kind: 'cancelled' })
    expect(cancelled).toEqual(['one'])
  })

  it('throws the error the call was aborted with', async () => {
    const { call, controller } = fakeCall()
    const late = new GatewayError('timeout', 'Too late')
    const { clock } = fakeClock(() => controller.abort(late))
    const { adapter } = adapterOf([pending('one', 100)])
    await expect(finish(adapter, request, call, clock)).rejects.toBe(late)
  })

  it('throws the abort even when the cancellation fails or cannot be made', async () => {
    for (const cancel of [() => Promise.reject(new Error('no')), undefined]) {
      const { call, controller } = fakeCall()
      const { clock } = fakeClock(() => controller.abort())
      const adapter: Deferred<'image'> = {
        start: async () => pending('one', 100),
        poll: async () => done,
        ...(cancel === undefined ? {} : { cancel }),
      }
      const outcome = finish(adapter, request, call, clock)
      await expect(outcome).rejects.toMatchObject({ kind: 'cancelled' })
    }
  })

  it('gives up on a cancellation the provider does not answer', async () => {
    const { call, controller } = fakeCall()
    const { clock } = fakeClock((slept) => {
      if (slept === 100) controller.abort()
    })
    const adapter: Deferred<'image'> = {
      ...adapterOf([pending('one', 100)]).adapter,
      cancel: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('out of patience')))
        }),
    }
    const outcome = finish(adapter, request, call, clock)
    await expect(outcome).rejects.toMatchObject({ kind: 'cancelled' })
  })

  it('asks again when the answer to a poll got lost, and heeds the delay it was told', async () => {
    let failures = 2
    const { call } = fakeCall(() => {
      if (failures-- > 0) throw new GatewayError('rate_limited', 'Slow', { retryAfterMs: 7000 })
    })
    const { clock, sleeps } = fakeClock()
    const { adapter } = adapterOf([pending('one', 100), done])
    expect(await finish(adapter, request, call, clock)).toBe(done.result)
    expect(sleeps).toEqual([100, 7000, 7000])
  })

  it('counts only lost answers in a row', async () => {
    let asked = 0
    const { call } = fakeCall(() => {
      if (asked++ % 3 < 2) throw new GatewayError('upstream', 'Gone')
    })
    const { adapter } = adapterOf([...Array.from({ length: 4 }, () => pending(0, 10)), done])
    expect(await finish(adapter, request, call, fakeClock().clock)).toBe(done.result)
    expect(asked).toBe(12)
  })

  it('gives up after the fourth lost answer in a row', async () => {
    const { call } = fakeCall(() => {
      throw new GatewayError('upstream', 'Gone')
    })
    const { adapter, polled } = adapterOf([pending('one', 100)])
    const outcome = finish(adapter, request, call, fakeClock().clock)
    await expect(outcome).rejects.toMatchObject({ kind: 'upstream' })
    expect(polled).toHaveLength(4)
  })

  it('does not ask again when the provider knows no such job, or says that it failed', async () => {
    const unknown = fakeCall(() => {
      throw new GatewayError('not_found', 'No such job')
    })
    const first = adapterOf([pending('one', 100)])
    await expect(
      finish(first.adapter, request, unknown.call, fakeClock().clock),
    ).rejects.toMatchObject({ kind: 'not_found' })
    expect(first.polled).toHaveLength(1)

    const second = adapterOf([pending('one', 100)])
    const failing: Deferred<'image'> = {
      ...second.adapter,
      async poll(ticket, call) {
        await second.adapter.poll(ticket, call)
        throw new GatewayError('upstream', 'The job failed')
      },
    }
    await expect(
      finish(failing, request, fakeCall().call, fakeClock().clock),
    ).rejects.toMatchObject({ message: 'The job failed' })
    expect(second.polled).toHaveLength(1)
  })
})
