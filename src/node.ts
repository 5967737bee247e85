// Node entry: reads the environment, opens the port, drains at the end.

import { serve } from '@hono/node-server'
import options from '#config/gateway'
import { parseConfig } from '#config/schema'
import { GatewayError } from '#core/error'
import { createInternet } from '#mock/internet'
import { noPace } from '#mock/world'
import { providers as builtIn } from '../providers/index.ts'
import { createApp } from './app.ts'
import { banner, openProblem, settings } from './boot.ts'
import { customProviders } from './custom-providers.ts'
import { createGateway } from './gateway.ts'
import { isLocalHost } from './platform/local-host.ts'
import { createLocalPlatform } from './platform/local/index.ts'

/** Milliseconds that streams in progress have to end when the server is asked to stop. */
const drainTime = 30_000

function start(): void {
  const { env } = process
  const hostname = env['HOST'] ?? '127.0.0.1'
  const config = parseConfig(settings(options, (name) => env[name], builtIn))
  const providers = [...builtIn, ...customProviders(config.providers, builtIn)]
  const local = isLocalHost(hostname)
  const platform = createLocalPlatform({
    environment: env,
    folder: `${env['MIMUS_DATA'] ?? '.mimus'}/media`,
    transport: { ...config.timeouts, limit: config.limits.reply },
    local,
  })
  const internet = createInternet(providers, { pace: { ...noPace, between: config.mockPace } })
  const gateway = createGateway({ platform, config, providers, internet })
  const problem = openProblem(gateway, local)
  if (problem !== undefined) throw new GatewayError('invalid_request', problem)
  const server = serve(
    { fetch: createApp(gateway).fetch, hostname, port: Number(env['PORT'] ?? 8787) },
    ({ port }) => console.log(banner(gateway, `http://${hostname}:${port}`)),
  )
  server.on('error', (error) => {
    console.error(`Mimus does not start: ${error.message}`)
    process.exit(1)
  })
  // Longer than load balancers keep idle connections, so that they close them and not we.
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = 75_000
  const stop = (): void => {
    server.close(() => void platform.close().then(() => process.exit(0)))
    setTimeout(() => process.exit(1), drainTime).unref()
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

try {
  start()
} catch (thrown) {
  if (!(thrown instanceof GatewayError)) throw thrown
  console.error(`Mimus does not start: ${thrown.message}`)
  process.exit(1)
}
