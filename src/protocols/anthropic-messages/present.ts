/** The items that are there. */
export const present = <T>(items: readonly (T | undefined)[]): T[] =>
  items.filter((item) => item !== undefined)
