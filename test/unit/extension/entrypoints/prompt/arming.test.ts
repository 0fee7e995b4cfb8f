import { describe, expect, it } from 'vitest'
import { ARM_MS, type ArmingStep, arm, armsIn } from '#extension/entrypoints/prompt/arming.ts'

const walk = (...steps: ArmingStep[]) => steps.reduce(arm, { since: null })

describe('arming', () => {
  it('arms when the prompt has been visible for the whole time', () => {
    const state = walk({ is: 'visible', at: 100 }, { is: 'visible', at: 400 })
    expect(armsIn(state, 100 + ARM_MS - 1)).toBe(1)
    expect(armsIn(state, 100 + ARM_MS)).toBe(0)
  })

  it('starts again when the prompt was covered in between', () => {
    const state = walk(
      { is: 'visible', at: 0 },
      { is: 'hidden', at: 600 },
      { is: 'visible', at: 650 },
    )
    expect(armsIn(state, 700)).toBe(ARM_MS - 50)
  })

  it('starts again when the focus comes back or the content changes', () => {
    const state = walk({ is: 'visible', at: 0 }, { is: 'disturbed', at: 5000 })
    expect(armsIn(state, 5000)).toBe(ARM_MS)
  })

  it('never arms while it is not visible', () => {
    expect(armsIn(walk({ is: 'disturbed', at: 0 }), 10_000)).toBeNull()
    expect(armsIn(walk({ is: 'visible', at: 0 }, { is: 'hidden', at: 1 }), 10_000)).toBeNull()
  })
})
