import { toBase64, type Call, type ChatRequest, type FilePart, type Message } from '#kit'

/** The request with the bytes of every file that a web URL names. */
export async function withFiles(request: ChatRequest, call: Call): Promise<ChatRequest> {
  const messages = await Promise.all(request.messages.map((message) => fetched(message, call)))
  return { ...request, messages }
}

async function fetched(message: Message, call: Call): Promise<Message> {
  if (message.role !== 'user') return message
  const content = await Promise.all(
    message.content.map(async (part) => {
      if (part.type === 'file') return held(part, call)
      if (part.type !== 'tool-result') return part
      const output = await Promise.all(
        part.output.map(async (item) => (item.type === 'file' ? held(item, call) : item)),
      )
      return { ...part, output }
    }),
  )
  return { ...message, content }
}

async function held(part: FilePart, call: Call): Promise<FilePart> {
  const { source } = part
  if (!('url' in source) || !/^https?:/i.test(source.url)) return part
  const asset = await call.fetchAsset({ url: source.url })
  const [type = part.mediaType] = asset.mediaType.split(';')
  const mediaType = part.mediaType.endsWith('/*') ? type : part.mediaType
  return { ...part, mediaType, source: { base64: toBase64(await asset.bytes()) } }
}
