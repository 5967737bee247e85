// Written by `npm run providers`.

import type { Provider } from '#core/provider'
import anthropic from './anthropic/index.ts'
import azure from './azure/index.ts'
import gemini from './gemini/index.ts'
import openai from './openai/index.ts'
import replicate from './replicate/index.ts'
import stability from './stability/index.ts'

export const providers: readonly Provider[] = [anthropic, azure, gemini, openai, replicate, stability]
