// `GET /v1/models`, in the vendor's shape.

import type { ModelInfo } from '@anthropic-ai/sdk/resources/models'
import type { JsonObject, Model } from '#kit'

type Lifecycle = ModelInfo['lifecycle']

interface Query {
  after?: string | undefined
  before?: string | undefined
  limit?: number
  lifecycle?: readonly string[]
}

/** A page of the list; retired models only when asked for. */
export function page(models: readonly Model[], query: Query): JsonObject {
  const { after, before, limit = 20, lifecycle = [] } = query
  const shown = lifecycle.length === 0 ? ['active', 'deprecated'] : lifecycle
  const all = models.map(info).filter((model) => shown.includes(model.lifecycle))
  const start = after === undefined ? 0 : all.findIndex((model) => model.id === after) + 1
  const end = before === undefined ? all.length : all.findIndex((model) => model.id === before)
  const data =
    before === undefined
      ? all.slice(start, start + limit)
      : all.slice(Math.max(0, end - limit), end)
  const more = before === undefined ? start + limit < all.length : end - limit > 0
  return {
    data: data.map((model) => ({ ...model, capabilities: { ...model.capabilities } })),
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: more,
  }
}

/** What the API says of one model. */
export function info(model: Model) {
  const lifecycle = lifecycleOf(model)
  const end = model.retired?.on ?? model.shutdown
  return {
    type: 'model',
    id: model.id,
    display_name: model.name ?? model.id,
    created_at: `${model.released ?? '1970-01-01'}T00:00:00Z`,
    lifecycle,
    // The day of the announcement is not in the catalogue: two months before, the vendor's least notice.
    deprecated_at: end === undefined ? null : `${monthsBefore(end, 2)}T00:00:00Z`,
    retires_at: end === undefined ? null : `${end}T00:00:00Z`,
    line: lines.find((line) => model.id.includes(line)) ?? null,
    max_input_tokens: model.context ?? null,
    max_tokens: model.maxOutput ?? null,
    capabilities: capabilities(model),
  } satisfies ModelInfo
}

const lines = ['haiku', 'sonnet', 'opus', 'fable', 'mythos'] as const

function lifecycleOf(model: Model): Lifecycle {
  if (model.retired !== undefined) return 'retired'
  return model.shutdown === undefined ? 'active' : 'deprecated'
}

function monthsBefore(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCMonth(date.getUTCMonth() - months)
  return date.toISOString().slice(0, 10)
}

function capabilities(model: Model) {
  const can = (ability: 'json' | 'reasoning') => yes(model.can?.includes(ability) === true)
  const steered = (way: 'effort' | 'budget' | 'off') => yes(model.reasoning?.includes(way) === true)
  const effort = steered('effort')
  const isLive = yes(model.retired === undefined)
  return {
    batch: isLive,
    citations: isLive,
    code_execution: isLive,
    context_management: {
      supported: isLive.supported,
      clear_thinking_20251015: isLive,
      clear_tool_uses_20250919: isLive,
      compact_20260112: effort,
    },
    effort: { ...effort, low: effort, medium: effort, high: effort, xhigh: effort, max: effort },
    image_input: yes(model.accepts?.includes('image') === true),
    pdf_input: yes(model.accepts?.includes('pdf') === true),
    server_tools: { ...isLive, code_execution: isLive, web_search: isLive },
    structured_outputs: can('json'),
    thinking: {
      ...can('reasoning'),
      types: {
        adaptive: effort,
        between_tools: yes(effort.supported && steered('off').supported),
        disabled: steered('off'),
        enabled: steered('budget'),
      },
    },
  } satisfies ModelInfo['capabilities']
}

const yes = (supported: boolean) => ({ supported })
