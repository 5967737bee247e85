// Ids of replies and their items: derived, so that the same reply has the same ids whole and streamed.

/** The longest id of an item that the vendor takes back is 64 characters. */
const longest = 48

/** The hub's id in this protocol's form. */
export const responseId = (hubId: string): string =>
  hubId.startsWith('resp_') ? hubId : `resp_${hubId.replace(/[^\w-]/g, '_')}`

export type ItemPrefix = 'msg' | 'rs' | 'fc' | 'ctc' | 'ig' | 'item'

/** The id of the item at an index of a reply's output. */
export const itemId = (prefix: ItemPrefix, response: string, index: number): string =>
  `${prefix}_${response.slice(response.indexOf('_') + 1).slice(-longest)}_${index}`
