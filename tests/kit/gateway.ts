// The whole gateway in this process, for official SDKs that take a `fetch`.

import options from '#config/gateway'
import { parseConfig, type GatewayOptions } from '#config/schema'
import { createInternet, type Internet } from '#mock/internet'
import type { MockWorld } from '#mock/world'
import type { WireRequest } from '#core/transport'
import { providers as builtIn } from '../../providers/index.ts'
import { createApp } from '../../src/app.ts'
import { customProviders } from '../../src/custom-providers.ts'
import { createGateway } from '../../src/gateway.ts'
import { createMemoryBlobs } from '../../src/platform/memory-blobs.ts'
import { fakePlatform, type FakePlatform } from './platform.ts'

export interface TestGatewayOptions {
  /** Environment variables: provider keys, `MIMUS_KEYS` ... */
  secrets?: { [name: string]: string }
  /** Instead of the operator's options of the same name. */
  config?: GatewayOptions
  world?: Partial<MockWorld>
}

export interface TestGateway {
  url: string
  app: ReturnType<typeof createApp>
  /** Answers like the global `fetch`: give it to an SDK. */
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>
  platform: FakePlatform
  internet: Internet
  /** What went to the mocks, oldest first. */
  sent: WireRequest[]
  /** The replies that left, without their bodies, oldest first. */
  replies: Response[]
}

/** A gateway of its own with every provider, where waiting takes no time and the day is fixed. */
export function testGateway({
  secrets = {},
  config = {},
  world = {},
}: TestGatewayOptions = {}): TestGateway {
  let now = Date.UTC(2026, 10, 24)
  const advance = (milliseconds: number): void => {
    now += Math.max(0, milliseconds)
  }
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number): Promise<void> => advance(milliseconds),
  }
  const parsed = parseConfig({ ...options, ...config })
  const providers = [...builtIn, ...customProviders(parsed.providers, builtIn)]
  const sent: WireRequest[] = []
  const replies: Response[] = []
  const internet = createInternet(providers, { ...clock, ...world })
  const send = (request: WireRequest) => {
    sent.push(request)
    return internet.send(request)
  }
  const platform = {
    ...fakePlatform(secrets),
    clock,
    blobs: createMemoryBlobs(clock),
    advance,
  }
  const app = createApp(
    createGateway({
      platform,
      config: parsed,
      providers,
      internet: { send },
    }),
  )
  return {
    url: 'http://mimus.test',
    app,
    async fetch(input, init) {
      const reply = await app.fetch(await arriving(input, init))
      replies.push(new Response(null, { status: reply.status, headers: reply.headers }))
      return reply
    },
    platform,
    internet,
    sent,
    replies,
  }
}

/** A form arrives as bytes, as it does over a wire; Node fails when one is abandoned while it is written. */
async function arriving(input: string | URL | Request, init?: RequestInit): Promise<Request> {
  if (!(init?.body instanceof FormData)) return new Request(input, init)
  const form = new Response(init.body)
  const body = await form.arrayBuffer()
  const headers = new Headers(init.headers)
  headers.set('content-type', form.headers.get('content-type') ?? '')
  headers.set('content-length', String(body.byteLength))
  return new Request(input, { ...init, headers, body })
}

/** Headers of the last reply. */
export const lastHeaders = (gateway: TestGateway): Headers =>
  gateway.replies.at(-1)?.headers ?? new Headers()

/** The body of what was last sent to a mock; empty for one that is no text. */
export function lastBody({ sent }: TestGateway): string {
  const body = sent.at(-1)?.body
  return typeof body === 'string' ? body : ''
}
