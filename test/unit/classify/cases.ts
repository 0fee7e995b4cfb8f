import { expect, it } from 'vitest'
import { classify } from '#shared/classify/classify.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'

type Case = [says: string, d: Descriptor, is: string]

/** `read`, or capability, category and effect. */
export function judged(d: Descriptor): string {
  const { capability, category, effect } = classify(d)
  return capability === 'read' ? 'read' : `${capability} ${category} ${effect}`
}

/** Tests that each descriptor is judged as its line says. */
export function each(cases: Case[]): void {
  it.each(cases)('%s', (_, d, is) => {
    expect(judged(d)).toBe(is)
  })
}
