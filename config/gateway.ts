// The one file an operator edits. Every field and its default: config/schema.ts.

import type { GatewayOptions } from './schema.ts'

export default {
  aliases: {
    fast: ['openai/gpt-6-luna', 'anthropic/claude-haiku-5-5', 'gemini/gemini-3.5-flash-lite'],
    best: ['anthropic/claude-fable-5-2', 'openai/gpt-6-astra', 'gemini/gemini-3.1-pro-preview'],
    image: [
      'openai/gpt-image-2',
      'gemini/gemini-3.1-flash-image',
      'stability/stable-diffusion-3.5-large',
    ],
    speech: ['openai/gpt-4o-mini-tts', 'gemini/gemini-3.8-flash-tts'],
    transcribe: ['openai/gpt-transcribe', 'gemini/gemini-3.5-transcribe'],
    embed: ['openai/text-embedding-3-small', 'gemini/gemini-embedding-2'],
  },
} satisfies GatewayOptions
