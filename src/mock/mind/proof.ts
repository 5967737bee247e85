// Signatures of thoughts and tool calls, such as vendors give and want back unchanged.

import { toBase64 } from '#core/bytes'
import type { AssistantPart, ChatReply, ChatRequest, Signature } from '#core/chat'
import { parseJson } from '#core/json'
import { dice, hash } from '../chance.ts'

/** What a vendor signs. Of several tool calls in a row only the first is signed. */
export type Signed = 'reasoning' | 'tool-call'

/** Where a signature stands that is not the vendor's own. */
export interface Tampered {
  /** From 0, among the messages. */
  message: number
  /** From 0, among the parts of the message. */
  part: number
  type: Signed
}

const size = 96

/** A long base64 text that only this text has. */
export function sign(text: string): string {
  const roll = dice(hash(text, size))
  const bytes = Uint8Array.from({ length: size }, () => roll(256))
  // A protocol buffer field of the length that follows, as the vendors' own begin.
  bytes.set([0x12, size - 2])
  return toBase64(bytes)
}

/** Whether the signature belongs to the text. */
export const verify = (text: string, signature: string): boolean => signature === sign(text)

/** What is signed of a part; `undefined` for parts that are not. */
function signedText(part: AssistantPart): string | undefined {
  if (part.type === 'reasoning') return part.text
  // Arguments come back as an object on some wires: spacing is no difference.
  if (part.type === 'tool-call') return part.name + JSON.stringify(parseJson(part.input))
  return undefined
}

/** The reply with what the vendor signs signed, where a script has not done so. */
export function withProofs(
  reply: ChatReply,
  protocol: string,
  signs: readonly Signed[],
): ChatReply {
  const signed = (part: AssistantPart, before: AssistantPart | undefined): AssistantPart => {
    const text = signedText(part)
    if (text === undefined || !signs.some((type) => type === part.type)) return part
    if (part.signature !== undefined || isFollowing(part, before)) return part
    if (part.type === 'reasoning' && part.redacted !== undefined) return part
    const signature: Signature = { protocol, value: sign(text) }
    return { ...part, signature }
  }
  const [first, ...others] = reply.candidates.map((candidate) => ({
    ...candidate,
    content: candidate.content.map((part, index) => signed(part, candidate.content[index - 1])),
  }))
  return first === undefined ? reply : { ...reply, candidates: [first, ...others] }
}

const isFollowing = (part: AssistantPart, before: AssistantPart | undefined): boolean =>
  part.type === 'tool-call' && before?.type === 'tool-call'

/** The first signature of the protocol in a conversation that is not the part's own. */
export function findTampered(
  request: ChatRequest,
  protocol: string,
  known: (signature: string, text: string) => boolean,
): Tampered | undefined {
  for (const [message, { role, content }] of request.messages.entries()) {
    if (role !== 'assistant') continue
    for (const [index, part] of content.entries()) {
      if (part.type !== 'reasoning' && part.type !== 'tool-call') continue
      const text = signedText(part)
      const { signature } = part
      if (text === undefined || signature?.protocol !== protocol) continue
      if (!verify(text, signature.value) && !known(signature.value, text))
        return { message, part: index, type: part.type }
    }
  }
  return undefined
}

/** Every signature of a reply, with what it is for: a mock knows again those that scripts have made. */
export const proofsOf = (reply: ChatReply): { value: string; text: string }[] =>
  reply.candidates.flatMap(({ content }) =>
    content.flatMap((part) => {
      const text = signedText(part)
      return text === undefined || part.signature === undefined
        ? []
        : [{ value: part.signature.value, text }]
    }),
  )
