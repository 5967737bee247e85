// The only module a provider may import.

export * from '#core/bytes'
export * from '#core/chat'
export * from '#core/error'
export * from '#core/events'
export * from '#core/json'
export * from '#core/media'
export * from '#core/protocol'
export * from '#core/provider'
export * from '#core/reader'
export * from '#core/transport'
export * from '#protocols/speaks'
export * from '#protocols/sse'
