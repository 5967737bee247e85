import { describe, expect, it } from 'vitest'
import { hubWords, lossList, reworded, warningsHeader } from '#core/losses'
import { anthropicMessages } from '#protocols/anthropic-messages/index'
import { openaiChat } from '#protocols/openai-chat/index'

describe('losses', () => {
  it('become a structured header that survives any text', () => {
    const { lose, losses } = lossList(() => false)
    lose('seed', 'seed "7" was left out')
    lose('seed', 'seed "7" was left out')
    lose('prompt', 'é\n\\')
    expect(warningsHeader(losses, ['old was retired; new answers'])).toBe(
      '"old was retired; new answers", "seed \\"7\\" was left out";field="seed", "??\\\\";field="prompt"',
    )
  })

  it('become a header that no client refuses for its length', () => {
    const { lose, losses } = lossList(() => false)
    for (let index = 0; index < 1000; index++) lose(`messages[${index}]`, 'a part was left out')
    const header = warningsHeader(losses, [])
    expect(header.length).toBeLessThan(4100)
    const told = header.match(/field=/g)?.length ?? 0
    expect(header).toMatch(new RegExp(`, "${1000 - told} more changes"$`))
    expect(warningsHeader([], ['x'.repeat(9000)])).toBe('"1 more changes"')
  })

  it('are told in the words of whoever asks, from a host that has words of its own', () => {
    const { lose, losses } = lossList(() => false)
    const toCaller = reworded(lose, anthropicMessages.names)
    const fromHost = reworded(toCaller, hubWords(openaiChat.names))
    fromHost('service_tier', 'service_tier is not known here and was left out')
    fromHost('max_completion_tokens', 'the limit was lowered')
    fromHost('messages[1].content[0].prompt_cache_breakpoint', 'a mark was left out')
    fromHost('messages', 'an answer was left out')
    fromHost('logit_bias', 'logit_bias is not known here and was left out')
    toCaller('metadata.topP', 'metadata.topP is no label')
    toCaller('stop', 'stop sequences of white space were left out')
    expect(losses).toEqual([
      { field: 'service_tier', message: 'service_tier is not known here and was left out' },
      { field: 'max_tokens', message: 'the limit was lowered' },
      { field: 'messages[1].content[0].cache_control', message: 'a mark was left out' },
      { field: 'messages', message: 'an answer was left out' },
      { field: 'logit_bias', message: 'logit_bias is not known here and was left out' },
      { field: 'metadata.topP', message: 'metadata.topP is no label' },
      { field: 'stop_sequences', message: 'stop sequences of white space were left out' },
    ])
  })

  it('are refusals for a strict caller, naming the field', () => {
    const { lose } = lossList(() => true)
    expect(() => lose('seed', 'seed was left out')).toThrow(
      expect.objectContaining({ kind: 'unsupported', status: 400, details: { param: 'seed' } }),
    )
  })
})
