import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { type Evidence, force } from './evidence.ts'
import { graver, unnamed } from './meaning.ts'
import { reading } from './reading.ts'
import { refine } from './refine.ts'
import { against, signals } from './signals/index.ts'
import { unknownTarget } from './signals/unknown-target.ts'

/** Judges what a Descriptor would do. Every signal is asked; the strongest decides whether there is an
 * effect, the strongest that names one decides which. Signs of an effect that nothing names make it
 * `unknown`; no sign makes it `read`, which passes. Never throws. */
export function classify(d: Descriptor): Classification {
  const read = reading(d)
  const evidence = signals.flatMap(({ id, find }) => {
    const one = find(read)
    return one ? [{ id, ...one }] : []
  })
  const why = evidence.map(({ id, says }) => ({ id, says }))
  const graverToo = evidence.some((one) => one.force === force.none)
  const ranked = evidence.filter((one) => one.force > force.none).sort(stronger)
  if (!ranked[0]?.meaning)
    return { capability: 'read', category: 'other', effect: 'none', signals: why }
  const named = ranked.find(({ meaning }) => meaning && meaning !== unnamed)?.meaning ?? unnamed
  return { ...refine(named, read, graverToo), signals: why }
}

/** Whether `classify` says `read`. Where nothing speaks for an effect, what speaks against one is not
 * looked for: that spares a gate most of the page. `isKnown` where the caller knows that the page does
 * not hide what would be used: no hint has to be read to tell. */
export function isRead(d: Descriptor, isKnown = false): boolean {
  const read = reading(d)
  const asked = isKnown ? effectsOfKnown : effects
  if (!asked.some(({ find }) => find(read)?.meaning)) return true
  return classify(d).capability === 'read'
}

const effects = signals.filter((signal) => !against.includes(signal))
const effectsOfKnown = effects.filter((signal) => signal !== unknownTarget)

/** Stronger first; of two as strong the one that acts, then the graver one. */
function stronger(a: Evidence, b: Evidence): number {
  if (a.force !== b.force) return b.force - a.force
  if (!a.meaning || !b.meaning) return Number(!a.meaning) - Number(!b.meaning)
  return graver(a.meaning, b.meaning) ? -1 : Number(graver(b.meaning, a.meaning))
}
