import { browserPart } from './browser-part.ts'
import { practicePart } from './practice-part.ts'
import type { StartPart } from './start.ts'

/** What `start` does besides the companion itself, in this order; stopped in the reverse order. The
 * practice site comes first, so that the browser can open it. */
export function startParts(): readonly StartPart[] {
  const practice = practicePart()
  return [practice.part, browserPart(practice.url)]
}
