import { describe, expect, it } from 'vitest'
import { policyBook } from '#companion/core/policy-book.ts'
import { SqliteBench } from '../sqlite-bench.ts'

const policy = (ceilings: string) => `version: 1\nmode: enforce\nceilings: ${ceilings}\n`
const low = policy('{ hour: 10, budget: { transact: 100 USD/day } }')

describe('ceilings', () => {
  it('are raised or removed only together with new evidence, and the ones before stay until then', async () => {
    const bench = await SqliteBench.open(low)
    for (const wider of ['{ hour: 11, budget: { transact: 100 USD/day } }', '{ hour: 10 }', '{}']) {
      expect(await bench.take(policy(wider)), wider).toBe('broken')
      expect(bench.book.problems()).toMatchObject([{ code: 'ceilings-widened', line: 3 }])
      expect(bench.book.current().ceilings.hour).toBe(10)
    }
    const with1 = policy('{ hour: 11, budget: { transact: 100 USD/day }, evidence: week 1 }')
    expect(await bench.take(with1)).toBe('loaded')
    expect(await bench.take(with1.replace('11', '12'))).toBe('broken')
    expect(await bench.take(with1.replace('11', '12').replace('week 1', 'week 2'))).toBe('loaded')
    expect(await bench.take(low)).toBe('loaded')
  })

  it('are compared with those before a restart too', async () => {
    const bench = await SqliteBench.open(low)
    await bench.restart(policy('{}'))
    expect([bench.book.ok(), bench.book.current().broken]).toEqual([false, expect.any(String)])
    await bench.held()
    await bench.restart(policy('{ evidence: "none is needed: the site is closed" }'))
    expect(bench.book.ok()).toBe(true)
    await bench.restart(policy('{ hour: 5 }'))
    await bench.restart(policy('{ hour: 6 }'))
    expect(bench.book.ok()).toBe(false)
  })
})

describe('people in a file of their own', () => {
  const named = `version: 1\npeople: { file: people.yaml }\napprovers: { financial: owner }\n`
  const people = '- { name: ann, roles: [owner] }\n'
  const book = () => {
    const files = new Map([['people.yaml', people]])
    const readBeside = (file: string) => files.get(file) ?? null
    return { files, book: policyBook(null, { readBeside }) }
  }
  const names = (of: ReturnType<typeof policyBook>) => of.current().people?.map(({ name }) => name)

  it('are read with the policy, and again when that file changes', () => {
    const { files, book: one } = book()
    expect(one.offer(named)).toBe('loaded')
    expect([names(one), one.beside()]).toEqual([['ann'], 'people.yaml'])
    const before = one.version()
    expect(one.offer(named)).toBe('same')
    files.set('people.yaml', '- { name: bob, roles: [owner] }\n')
    expect(one.offer(named)).toBe('loaded')
    expect(names(one)).toEqual(['bob'])
    expect(one.version()).not.toBe(before)
  })

  it('are a mistake of the policy where they cannot be read, and the ones before stay', () => {
    const { files, book: one } = book()
    one.offer(named)
    for (const bad of [null, 'x: 1', '- { name: ann }', '- { name: ann, roles: [clerk] }', '- [']) {
      if (bad === null) files.delete('people.yaml')
      else files.set('people.yaml', bad)
      expect(one.offer(named), String(bad)).toBe('broken')
      expect(one.problems()[0]?.message).toMatch(/people.yaml/)
      expect([names(one), one.offer(named)]).toEqual([['ann'], 'same'])
    }
    files.set('people.yaml', people)
    expect([one.offer(named), one.ok()]).toEqual(['loaded', true])
  })
})
