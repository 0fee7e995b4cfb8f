import { describe, expect, it } from 'vitest'
import { createPass } from '#extension/gate/pass.ts'

/** Elements are only compared here, never read. */
function element(): Element {
  return Object.create(null)
}

describe('pass', () => {
  it('is open inside the dispatch only, and closed again after a listener threw', () => {
    const pass = createPass(() => 0)
    const seen: boolean[] = [pass.open]
    pass.during(() => seen.push(pass.open))
    expect(() =>
      pass.during(() => {
        throw new Error('a page listener')
      }),
    ).toThrow('a page listener')
    seen.push(pass.open)
    expect(seen).toEqual([false, true, false])
  })

  it('lets one navigation of a granted source go, and no second one', () => {
    const pass = createPass(() => 0)
    const form = element()
    pass.grant(form, null)
    expect(pass.take(element(), false)).toBe(false)
    expect(pass.take(form, false)).toBe(true)
    expect(pass.take(form, false)).toBe(false)
  })

  it('forgets a grant after three seconds', () => {
    let now = 0
    const pass = createPass(() => now)
    const form = element()
    pass.grant(form)
    now = 3000
    expect(pass.take(form, false)).toBe(false)
  })

  it('lets one submit by script follow a release, within a second', () => {
    let now = 0
    const pass = createPass(() => now)
    pass.grantScript()
    expect(pass.take(element(), false)).toBe(false)
    expect(pass.take(element(), true)).toBe(true)
    expect(pass.take(element(), true)).toBe(false)
    pass.grantScript()
    now = 1000
    expect(pass.take(element(), true)).toBe(false)
  })

  it('lets the expected click go on its own element only, once', () => {
    const pass = createPass(() => 0)
    const link = element()
    pass.expectClick(link)
    expect(pass.takeClick(element())).toBe(false)
    expect(pass.takeClick(link)).toBe(true)
    expect(pass.takeClick(link)).toBe(false)
  })
})
