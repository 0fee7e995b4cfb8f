/** Bytes of each unit, decimal as file managers and mail providers count. */
const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9 }

/** A size in bytes, with the text it was written as. */
export interface Bytes {
  readonly bytes: number
  readonly text: string
}

/** Reads `500 kB` or `2 MB`; a message where it is something else. */
export function parseBytes(text: string): Bytes | string {
  const found = /^(\d{1,9}(?:\.\d{1,3})?) ?([A-Za-z]{1,2})$/.exec(text)
  const unit = UNITS[found?.[2] ?? '']
  if (found && unit !== undefined) return { bytes: Math.round(Number(found[1]) * unit), text }
  return `\`${text}\` is not a size; write a number and one of B, kB, MB, GB, as in \`2 MB\``
}

/** A size as a person reads it: 2400000 → `2.4 MB`. */
export function showBytes(bytes: number): string {
  const [unit, size] =
    bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : bytes >= 1e3 ? ['kB', 1e3] : ['B', 1]
  return `${Number((bytes / size).toFixed(1))} ${unit}`
}
