// Written by `npm run providers`.

import type { Provider } from '#core/provider'
import anthropic from './anthropic/index.ts'
import azure from './azure/index.ts'
import bedrock from './bedrock/index.ts'
import cloudflare from './cloudflare/index.ts'
import cohere from './cohere/index.ts'
import deepseek from './deepseek/index.ts'
import fireworks from './fireworks/index.ts'
import gemini from './gemini/index.ts'
import groq from './groq/index.ts'
import huggingface from './huggingface/index.ts'
import lmstudio from './lmstudio/index.ts'
import mistral from './mistral/index.ts'
import ollama from './ollama/index.ts'
import openai from './openai/index.ts'
import openrouter from './openrouter/index.ts'
import replicate from './replicate/index.ts'
import stability from './stability/index.ts'
import together from './together/index.ts'
import vertex from './vertex/index.ts'
import vllm from './vllm/index.ts'
import xai from './xai/index.ts'

export const providers: readonly Provider[] = [
  anthropic,
  azure,
  bedrock,
  cloudflare,
  cohere,
  deepseek,
  fireworks,
  gemini,
  groq,
  huggingface,
  lmstudio,
  mistral,
  ollama,
  openai,
  openrouter,
  replicate,
  stability,
  together,
  vertex,
  vllm,
  xai,
]
