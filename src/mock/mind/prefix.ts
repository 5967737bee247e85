// Prompt caching: what of a prompt was sent before, up to a mark.

import type { ChatRequest, Usage } from '#core/chat'
import { digits } from '../chance.ts'
import { countTokens } from '#core/tokens'
import type { MockWorld } from '../world.ts'

interface Block {
  text: string
  /** Seconds the prompt up to here shall be kept; absent without a mark. */
  keep?: number
}

/** Seconds of each time to live. */
const lifetimes = { '5m': 300, '30m': 1800, '1h': 3600, '12h': 43_200 } as const

/**
 * The cached share of a prompt of `total` tokens, and notes its marked prefixes as cached from now on.
 * Nothing is cached without marks, whatever the length.
 */
export function cachedUsage(
  request: ChatRequest,
  total: number,
  { world, scope }: { world: Pick<MockWorld, 'memory' | 'now' | 'provider'>; scope: string },
): Pick<Usage, 'cacheReadTokens' | 'cacheWriteTokens'> {
  const blocks = blocksOf(request)
  const lastMark = blocks.findLastIndex(({ keep }) => keep !== undefined)
  if (lastMark < 0) return {}
  const now = world.now()
  const all = blocks.reduce((sum, block) => sum + countTokens(block.text), 0)
  let key = digits([scope, world.provider, request.model].join(' '))
  let [passed, read, written] = [0, 0, 0]
  for (const block of blocks.slice(0, lastMark + 1)) {
    key = digits(key + block.text)
    passed += countTokens(block.text)
    if ((world.memory.prompts.get(key) ?? 0) > now) read = passed
    if (block.keep === undefined) continue
    world.memory.prompts.set(key, now + block.keep * 1000)
    written = passed
  }
  const share = (tokens: number): number => Math.floor((tokens * total) / Math.max(1, all))
  return { cacheReadTokens: share(read), cacheWriteTokens: share(written) - share(read) }
}

function blocksOf(request: ChatRequest): Block[] {
  const blocks: Block[] = request.tools.map((tool) =>
    block(tool, tool.type === 'function' ? tool.cache : undefined),
  )
  for (const part of request.system) blocks.push(block(part, part.cache))
  for (const { role, content } of request.messages)
    for (const part of content) blocks.push(block({ role, part }, part.cache))
  return blocks
}

function block(value: object, mark: { ttl?: keyof typeof lifetimes } | undefined): Block {
  // The mark moves from turn to turn; the prompt it marks stays the same.
  const text = JSON.stringify(value, (key, item: unknown) => (key === 'cache' ? undefined : item))
  return mark === undefined ? { text } : { text, keep: lifetimes[mark.ttl ?? '5m'] }
}
