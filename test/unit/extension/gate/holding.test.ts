import { describe, expect, it } from 'vitest'
import type { HeldAction } from '#extension/gate/held-action.ts'
import { createHolding, type Holding } from '#extension/gate/holding.ts'
import { createPass } from '#extension/gate/pass.ts'

function action(): HeldAction {
  return {
    target: Object.create(null),
    occasion: { gesture: 'click', provenance: 'unknown' },
    descriptor: null,
    named: 'button "Delete"',
    replay: { kind: 'pointer', records: [] },
  }
}

function setUp() {
  const sent: string[] = []
  const added: HeldAction[] = []
  const line = {
    send: (message: { type: string }) => sent.push(message.type) > 0,
    open: () => true,
  }
  const holding = createHolding({ line, pass: createPass(() => 0), promptUrl: () => '' })
  const start = (): Holding => ({
    describe: () => null,
    add: (one) => added.push(one),
    waits: () => false,
    any: false,
    up: false,
    owns: () => false,
    receive: () => undefined,
    announce: () => undefined,
    askAgain: () => undefined,
  })
  return { sent, added, holding, start }
}

describe('holding', () => {
  it('asks for the second script once, and hands over in order what was held meanwhile', () => {
    const { sent, added, holding, start } = setUp()
    const [one, two, three] = [action(), action(), action()]
    holding.add(one)
    holding.add(two)
    expect(sent).toEqual(['bring-hold'])
    expect(holding.any).toBe(true)
    expect(holding.waits(two.target)).toBe(true)
    holding.arrive(start)
    holding.add(three)
    expect(added).toEqual([one, two, three])
  })

  it('keeps what is held when the script cannot be brought in, and tries again with the next', () => {
    const { sent, added, holding, start } = setUp()
    const [one, two] = [action(), action()]
    holding.add(one)
    holding.failed()
    expect(holding.waits(one.target)).toBe(true)
    holding.add(two)
    expect(sent).toEqual(['bring-hold', 'bring-hold'])
    holding.arrive(start)
    expect(added).toEqual([one, two])
  })

  it('asks a new worker for the script where something waits for it', () => {
    const { sent, holding } = setUp()
    holding.announce()
    expect(sent).toEqual([])
    holding.add(action())
    holding.failed()
    holding.announce()
    expect(sent).toEqual(['bring-hold', 'bring-hold'])
  })

  it('takes the first copy of the script only', () => {
    const { added, holding, start } = setUp()
    holding.arrive(start)
    holding.arrive(() => {
      throw new Error('a second copy started')
    })
    holding.add(action())
    expect(added).toHaveLength(1)
  })
})
