import { beforeEach, describe, expect, it } from 'vitest'
import { openDoor } from '#companion/core/door.ts'
import { type Bench, bench, decision, descriptor, me, settled } from '../bench.ts'

let b: Bench
let door: ReturnType<typeof openDoor>

beforeEach(async () => {
  b = await bench()
  b.says.classification = { ...b.says.classification, capability: 'read', effect: 'none' }
  b.says.decision = decision('allow', { pattern: 'read' })
  door = openDoor(b.context, { attachDoor: () => () => undefined }, me, null)
})

describe('a read that passes', () => {
  it('is on record as one that was asked about', async () => {
    const read = descriptor({ run: { id: 'run_1' } })
    expect(door.pass('in_1', read)).toBe(true)
    await settled()
    const passed = b.store.entries.at(-1)
    await door.ask('in_1', read)
    const asked = b.store.entries.at(-1)
    expect(asked).not.toBe(passed)
    const own = { id: '', seq: 0, prev: '', hash: '' }
    expect({ ...passed, ...own }).toEqual({ ...asked, ...own })
  })

  it('is nothing but a read that the policy allows', async () => {
    const before = b.store.entries.length
    b.says.decision = decision('hold')
    expect(door.pass('in_1', descriptor())).toBe(false)
    b.says.decision = decision('allow', { pattern: 'allow-list' })
    expect(door.pass('in_3', descriptor())).toBe(false)
    b.says.decision = decision('allow', { pattern: 'read' })
    b.says.classification = { ...b.says.classification, capability: 'send' }
    expect(door.pass('in_2', descriptor())).toBe(false)
    await settled()
    expect(b.store.entries).toHaveLength(before)
  })
})

describe('a log that falls behind', () => {
  it('lets no more reads pass than it may lose', async () => {
    const passed = Array.from({ length: 10 }, (_, i) => door.pass(`in_${i}`, descriptor()))
    expect(passed.filter((may) => may)).toHaveLength(8)
    await settled()
    expect(door.pass('in_10', descriptor())).toBe(true)
  })

  it('lets none pass once it has failed, until something was written', async () => {
    b.store.failing = new Error('disk full')
    expect(door.pass('in_1', descriptor())).toBe(true)
    await settled()
    expect(b.reported).toHaveLength(1)
    expect(door.pass('in_2', descriptor())).toBe(false)
    expect(await door.ask('in_2', descriptor())).toMatchObject({ code: 'audit_unavailable' })
    expect(door.pass('in_3', descriptor())).toBe(false)
    b.store.failing = null
    expect(door.pass('in_3', descriptor())).toBe(false)
    expect(await door.ask('in_3', descriptor())).toMatchObject({ state: 'go' })
    expect(door.pass('in_4', descriptor())).toBe(true)
  })
})
