import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'

const root = new URL('..', import.meta.url).pathname

/** The same suites on both runtimes; `*.node.test.ts` need what only Node has, `*.worker.test.ts` what only workerd has. */
export default defineConfig({
  test: {
    root,
    projects: [
      {
        test: {
          name: 'node',
          root,
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.worker.test.ts'],
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: `${root}wrangler.toml` } })],
        test: {
          name: 'workerd',
          root,
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.node.test.ts'],
        },
      },
    ],
  },
})
