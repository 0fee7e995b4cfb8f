import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { type Evidence, force } from './evidence.ts'
import { graver, gravity, unnamed } from './meaning.ts'
import { type Reading, reading } from './reading.ts'
import { refine } from './refine.ts'
import { against, signals } from './signals/index.ts'
import { unknownTarget } from './signals/unknown-target.ts'

/** Judges what a Descriptor would do. Every signal is asked; the strongest decides whether there is an
 * effect, the strongest that names one decides which. Signs of an effect that nothing names make it
 * `unknown`; no sign makes it `read`, which passes. A control on which something else is seen than it is
 * called is judged by both, and the graver counts. Never throws. */
export function classify(d: Descriptor): Classification {
  const called = judged(reading(d))
  const { visible } = d.target
  if (visible === undefined) return called
  const seen = judged(reading(d, visible))
  const [counts, other] = weight(seen) > weight(called) ? [seen, called] : [called, seen]
  const said = new Set(counts.signals.map(({ says }) => says))
  const also = other.signals.filter(({ says }) => !said.has(says))
  return { ...counts, signals: [...counts.signals, ...also] }
}

/** Where two are as hard to undo, the one that has a category of its own is graver. */
function weight({ effect, category }: Classification): number {
  return 2 * (effect === 'none' ? 0 : gravity[effect]) + (category === 'other' ? 0 : 1)
}

function judged(read: Reading): Classification {
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
  if (!isReading(reading(d), isKnown)) return false
  const { visible } = d.target
  return visible === undefined || isReading(reading(d, visible), isKnown)
}

function isReading(read: Reading, isKnown: boolean): boolean {
  const asked = isKnown ? effectsOfKnown : effects
  if (!asked.some(({ find }) => find(read)?.meaning)) return true
  return judged(read).capability === 'read'
}

const effects = signals.filter((signal) => !against.includes(signal))
const effectsOfKnown = effects.filter((signal) => signal !== unknownTarget)

/** Stronger first; of two as strong the one that acts, then the graver one. */
function stronger(a: Evidence, b: Evidence): number {
  if (a.force !== b.force) return b.force - a.force
  if (!a.meaning || !b.meaning) return Number(!a.meaning) - Number(!b.meaning)
  return graver(a.meaning, b.meaning) ? -1 : Number(graver(b.meaning, a.meaning))
}
