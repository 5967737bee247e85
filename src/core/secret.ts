/** Compares in time that depends on the lengths only, never on where the texts differ. */
export function sameSecret(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  for (let index = 0; index < right.length; index++)
    difference |= (left.charCodeAt(index % Math.max(left.length, 1)) || 0) ^ right.charCodeAt(index)
  return difference === 0
}

/** Whether the text is one of the secrets; every one is compared, found or not. */
export const isOneOf = (text: string, secrets: readonly string[]): boolean =>
  secrets.reduce((found, secret) => sameSecret(text, secret) || found, false)
