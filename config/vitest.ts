import { cloudflareTest } from '@cloudflare/vitest-plugin'
import type { Reporter } from 'vitest/node'
import { defineConfig } from 'vitest/config'

const root = new URL('..', import.meta.url).pathname

/** The closing line that CI reads. */
const summary: Reporter = {
  onTestRunEnd(modules) {
    const counts = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules)
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (state !== 'pending') counts[state]++
      }
    console.log(
      `${counts.passed} passed, ${counts.failed} failed${counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''}`,
    )
  },
}

/** The same suites on both runtimes; `*.node.test.ts` need what only Node has, `*.worker.test.ts` what only workerd has. */
export default defineConfig({
  test: {
    root,
    reporters: ['default', summary],
    projects: [
      {
        test: {
          name: 'node',
          root,
          setupFiles: ['tests/kit/seed.ts'],
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.worker.test.ts'],
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: `${root}wrangler.toml` } })],
        test: {
          name: 'workerd',
          root,
          setupFiles: ['tests/kit/seed.ts'],
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.node.test.ts'],
        },
      },
    ],
  },
})
