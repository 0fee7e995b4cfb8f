import fc from 'fast-check'
import { type act, anyAction } from './arbitrary.ts'

/** Actions one after another, with the time that passes before each and the run that takes it. */
export const anyPlay = fc.array(
  fc.record({
    action: anyAction,
    wait: fc.constantFrom(0, 1, 60_000, 600_000, 3_600_000, 90_000_000),
    run: fc.constantFrom(undefined, 'one', 'two'),
    approved: fc.boolean(),
  }),
  { maxLength: 12 },
)
export type Play = typeof anyPlay extends fc.Arbitrary<infer T> ? T : never

export function inRun(action: ReturnType<typeof act>, run: string | undefined) {
  return run === undefined
    ? action
    : { ...action, descriptor: { ...action.descriptor, run: { id: run } } }
}
