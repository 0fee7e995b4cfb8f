/** Whether any of the texts contains what was searched for, regardless of case. */
export function matches(query: string, ...texts: readonly string[]): boolean {
  return texts.some((text) => text.toLowerCase().includes(query.trim().toLowerCase()))
}
