// `mimus/mock`: every provider, in your test's process.

import { providers } from '../providers/index.ts'
import { createMockOf, type Mock, type MockOptions } from '#mock/public'

/**
 * A mock of every provider: give its `fetch` to a client, script its answers, and read what was sent.
 *
 * @example
 * const mock = createMock()
 * mock.when({ user: /weather/ }).reply('Sunny.')
 * const client = new OpenAI({ apiKey: mock.key(), fetch: mock.fetch })
 */
export const createMock = (options: MockOptions = {}): Mock => createMockOf(providers, options)

export type { JournalEntry, JournalFilter } from '#mock/journal'
export type { Mock, MockOptions, MockRule, MockScope } from '#mock/public'
export { scenarios, type Scenario } from '#mock/scenario'
export type { Answer, ScriptedMedia, ScriptedToolCall } from '#mock/script/answer'
export type { Asked, NameMatch, TextMatch, When } from '#mock/script/match'
export type { Chaos, Reply, Rule, Strictness } from '#mock/script/scripts'
export type { Pace } from '#mock/world'
