import { compatible, defineProvider, GatewayError, isObject, openaiChat, type Failure } from '#kit'
import { accent } from './accent.ts'
import { mock } from './mock.ts'
import { models, resolve } from './models.ts'

/** OpenRouter (openrouter.ai/docs/api-reference). */
export default defineProvider({
  id: 'openrouter',
  name: 'OpenRouter',
  origin: 'https://openrouter.ai',
  secret: 'OPENROUTER_API_KEY',
  resells: true,
  models,
  resolve,
  ...compatible({ base: '/api/v1', accent, embeds: { lacks: [] } }),
  readError,
  mock,
})

/** A prompt that was flagged is a 403 with the reasons beside it (openrouter.ai/docs/api-reference/errors). */
function readError(failure: Failure): GatewayError {
  const error = openaiChat.error.decode(failure)
  const { json } = failure
  const said = isObject(json) ? json['error'] : undefined
  const metadata = isObject(said) ? said['metadata'] : undefined
  const isFlagged = isObject(metadata) && Array.isArray(metadata['reasons'])
  return isFlagged ? new GatewayError('content_policy', error.message, error.details) : error
}
