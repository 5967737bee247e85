import { describe, expect, it } from 'vitest'
import { isRefusal, scenarioNames } from '#mock/scenario'
import { createMock } from '../../src/mock.ts'
import { providers } from '../../providers/index.ts'

const mock = createMock()

/** The same question to every provider: a path that all of them refuse, if they get so far. */
const knock = (origin: string, headers: Record<string, string>) =>
  mock.fetch(`${origin}/knock`, { method: 'POST', headers, body: '{}' })

describe.each(providers.map((provider) => [provider.id, provider] as const))(
  'the mock of %s',
  (id, provider) => {
    it.skipIf(provider.keyless)('refuses a caller without a key', async () => {
      const response = await knock(provider.origin, {})
      expect([401, 403]).toContain(response.status)
      expect(await response.text()).not.toBe('')
    })

    it('does not have every path', async () => {
      const response = await knock(provider.origin, provider.auth('mock'))
      expect(response.status).toBe(404)
    })

    it.each(scenarioNames.filter(isRefusal))('plays %s in its own words', async (scenario) => {
      const response = await knock(provider.origin, provider.auth(`mock-${scenario}:x`))
      // Where everything is a job, a prompt that is not allowed is one that fails.
      if (scenario === 'moderated' && response.status === 201) return
      expect(response.status).toBeGreaterThanOrEqual(400)
      const body = await response.text()
      const failure = provider.readError({
        status: response.status,
        header: (name) => response.headers.get(name) ?? undefined,
        text: body,
        json: JSON.parse(body),
      })
      expect(failure.message).not.toBe('')
      expect(kinds[scenario]).toContain(failure.kind)
      if (scenario === 'rate-limited')
        expect(failure.details.retryAfterMs ?? 1000).toBeGreaterThan(0)
      expect(mock.last({ provider: id })).toMatchObject({ scenario, scope: 'x' })
    })
  },
)

/** What our side may make of each refusal: some vendors have fewer words than others. */
const kinds = {
  invalid: ['authentication', 'invalid_request', 'permission'],
  forbidden: ['permission'],
  'rate-limited': ['rate_limited'],
  quota: ['quota_exhausted', 'rate_limited', 'invalid_request'],
  overloaded: ['overloaded'],
  'server-error': ['upstream'],
  'too-large': ['too_large', 'invalid_request'],
  moderated: ['content_policy', 'invalid_request'],
  'context-length': ['context_length', 'invalid_request'],
}
