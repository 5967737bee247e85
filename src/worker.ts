// Cloudflare entry.

import options from '#config/gateway'
import { parseConfig } from '#config/schema'
import { createInternet } from '#mock/internet'
import { noPace } from '#mock/world'
import { providers as builtIn } from '../providers/index.ts'
import { createApp } from './app.ts'
import { settings } from './boot.ts'
import { customProviders } from './custom-providers.ts'
import { createGateway } from './gateway.ts'
import { createCloudflarePlatform } from './platform/cloudflare/index.ts'

/** Bindings of `wrangler.toml`; secrets are read by name. */
interface Bindings {
  MEDIA?: R2Bucket
}

let app: ReturnType<typeof createApp> | undefined

function boot(bindings: Bindings): ReturnType<typeof createApp> {
  const environment: { [name: string]: unknown } = { ...bindings }
  const variable = (name: string): string | undefined => {
    const value = environment[name]
    return typeof value === 'string' ? value : undefined
  }
  const config = parseConfig(settings(options, variable, builtIn))
  const providers = [...builtIn, ...customProviders(config.providers, builtIn)]
  const platform = createCloudflarePlatform({
    environment,
    bucket: bindings.MEDIA,
    transport: { ...config.timeouts, limit: config.limits.reply },
  })
  const internet = createInternet(providers, { pace: { ...noPace, between: config.mockPace } })
  return createApp(createGateway({ platform, config, providers, internet }))
}

export default {
  fetch(request, bindings, context) {
    // Bindings are the same for every request of an isolate.
    app ??= boot(bindings)
    return app.fetch(request, bindings, context)
  },
} satisfies ExportedHandler<Bindings>
