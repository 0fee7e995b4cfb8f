import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { contextProviders, type ProviderOptions } from '#companion/context/providers.ts'
import type { Action } from '#shared/policy/action.ts'
import { FakeClock } from '../companion/bench.ts'
import { act, policyOf } from '../policy/arbitrary.ts'

const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-facts-'))
  open.push(() => rmSync(dir, { recursive: true }))
  return dir
}

/** A policy whose one rule asks for `context.account.FACT`. */
function policy(provider: string, condition: string) {
  return policyOf(`
version: 1
context:
  account: ${provider}
  other: { code: other, gives: { x: int } }
rules:
  - { id: open, effect: allow, on: { capability: update }, if: '${condition}' }
`)
}

interface Bench {
  ask(action?: Partial<Action>): Promise<Readonly<Record<string, unknown>>> | null
  reports: string[]
  clock: FakeClock
}

function bench(
  provider: string,
  options: Partial<ProviderOptions> = {},
  condition = 'context.account.state == "open"',
): Bench {
  const reports: string[] = []
  const clock = new FakeClock()
  const kept = policy(provider, condition)
  const ask = contextProviders({
    ...{ policy: () => kept, dir: '/', clock, env: {} },
    report: (error) => reports.push(error instanceof Error ? error.message : String(error)),
    ...options,
  })
  return {
    ask: (action = {}) => {
      const { descriptor, classification } = act({ capability: 'update', ...action })
      return ask(descriptor, classification)
    },
    reports,
    clock,
  }
}

const STATE = 'gives: { state: string }'

describe('who is asked', () => {
  it('nobody where the policy has no context, and nobody waits', () => {
    const plain = policyOf('version: 1\nrules: []\n')
    const { ask } = bench(`{ code: a, ${STATE} }`, { policy: () => plain })
    expect(ask()).toBeNull()
  })

  it('nobody about a read', () => {
    const { ask } = bench(`{ code: a, ${STATE} }`)
    expect(ask({ capability: 'read', effect: 'none' })).toBeNull()
  })

  it('only providers that a condition uses', async () => {
    const asked: string[] = []
    const code = {
      a: () => ({ state: 'open' }),
      other: () => {
        asked.push('other')
        return { x: 1 }
      },
    }
    const { ask } = bench(`{ code: a, ${STATE} }`, { code })
    expect(await ask()).toEqual({ account: { state: 'open' } })
    expect(asked).toEqual([])
  })

  it('all providers of one action at the same time', async () => {
    let running = 0
    let most = 0
    const slow = async () => {
      running += 1
      most = Math.max(most, running)
      await new Promise((resolve) => setTimeout(resolve, 30))
      running -= 1
      return { state: 'open', x: 1 }
    }
    const both = policy(
      `{ code: a, ${STATE} }`,
      'context.account.state == "open" || context.other.x == 1',
    )
    const { ask } = bench(`{ code: a, ${STATE} }`, {
      policy: () => both,
      code: { a: slow, other: slow },
    })
    expect(Object.keys((await ask()) ?? {})).toEqual(['account', 'other'])
    expect(most).toBe(2)
  })
})

describe('a provider in code', () => {
  it('gets the action', async () => {
    const { ask } = bench(`{ code: a, ${STATE} }`, {
      code: { a: async (d) => ({ state: d.target.name }) },
    })
    expect(await ask({ name: 'Refund' })).toEqual({ account: { state: 'Refund' } })
  })

  it.each<[string, () => unknown, RegExp]>([
    ['throws', () => JSON.parse('{'), /JSON/],
    ['rejects', () => Promise.reject(new Error('database down')), /database down/],
    ['knows nothing', () => undefined, /no JSON object/],
    ['never answers', () => new Promise(() => undefined), /no answer within 1000 ms/],
  ])('that %s is unknown', async (_, account, why) => {
    const { ask, reports } = bench(`{ code: a, timeout: 1s, ${STATE} }`, { code: { a: account } })
    expect(await ask()).toEqual({})
    expect(reports).toEqual([expect.stringMatching(why)])
  })

  it('that the companion was started without is unknown', async () => {
    const { ask, reports } = bench(`{ code: constructor, ${STATE} }`, { code: {} })
    expect(await ask()).toEqual({})
    expect(reports).toEqual([expect.stringContaining('without a provider `constructor`')])
  })

  it('that fails on and on is reported once a minute, with how often', async () => {
    const { ask, reports, clock } = bench(`{ code: a, ${STATE} }`, { code: { a: () => null } })
    for (let count = 0; count < 5; count++) await ask()
    expect(reports).toHaveLength(1)
    clock.advance(60_000)
    await ask()
    expect(reports).toHaveLength(2)
    expect(reports[1]).toContain('5 times')
  })
})

describe('facts', () => {
  const gives = 'gives: { s: string, i: int, d: double, b: bool, l: list }'
  const good = { s: 'x', i: 3, d: 1.5, b: false, l: ['a', 1, true] }

  it('are what was promised, and nothing else of the answer', async () => {
    const code = { a: () => ({ ...good, extra: 1 }) }
    const { ask } = bench(`{ code: a, ${gives} }`, { code }, 'context.account.b')
    expect(await ask()).toEqual({ account: good })
  })

  it.each<[string, unknown]>([
    ['s', 3],
    ['s', 'x'.repeat(2001)],
    ['i', 1.5],
    ['i', '3'],
    ['i', 2 ** 60],
    ['d', 'x'],
    ['d', Number.POSITIVE_INFINITY],
    ['b', 0],
    ['l', 'a'],
    ['l', [{}]],
    ['l', [null]],
    ['l', Array(201).fill('a')],
    ['s', null],
    ['s', undefined],
  ])('with a wrong `%s` are all unknown (%#)', async (fact, value) => {
    const code = { a: () => ({ ...good, [fact]: value }) }
    const { ask, reports } = bench(`{ code: a, ${gives} }`, { code }, 'context.account.b')
    expect(await ask()).toEqual({})
    expect(reports[0]).toContain(`\`${fact}\``)
  })
})

describe('a file', () => {
  it('beside the policy gives the entry that its key names, and what it says now', async () => {
    const dir = folder()
    const file = join(dir, 'accounts.json')
    writeFileSync(file, JSON.stringify({ 'Ann Lee': { state: 'open' }, Bob: { state: 'closed' } }))
    const { ask } = bench(`{ file: accounts.json, key: "{field.Name}", ${STATE} }`, { dir })
    expect(await ask({ fields: { Name: 'Ann Lee' } })).toEqual({ account: { state: 'open' } })
    expect(await ask({ fields: { Name: 'Bob' } })).toEqual({ account: { state: 'closed' } })
    writeFileSync(file, JSON.stringify({ 'Ann Lee': { state: 'review' } }))
    expect(await ask({ fields: { Name: 'Ann Lee' } })).toEqual({ account: { state: 'review' } })
    // As editors do it: another file takes the place of this one.
    writeFileSync(`${file}.new`, JSON.stringify({ 'Ann Lee': { state: 'closed' } }))
    renameSync(`${file}.new`, file)
    expect(await ask({ fields: { Name: 'Ann Lee' } })).toEqual({ account: { state: 'closed' } })
  })

  it.each<[string, Partial<Action>]>([
    ['no such entry', { fields: { Name: 'Eve' } }],
    ['what every object has', { fields: { Name: 'constructor' } }],
    ['no such field in the action', {}],
    ['an empty field', { fields: { Name: '' } }],
  ])('is unknown for %s', async (_, action) => {
    const dir = folder()
    writeFileSync(join(dir, 'a.json'), JSON.stringify({ '': { state: 'open' } }))
    const { ask, reports } = bench(`{ file: a.json, key: "{field.Name}", ${STATE} }`, { dir })
    expect(await ask(action)).toEqual({})
    expect(reports).toHaveLength(1)
  })

  it('that is missing, broken or gone is unknown, and known again once it is good', async () => {
    const dir = folder()
    const { ask } = bench(`{ file: a.json, ${STATE} }`, { dir })
    expect(await ask()).toEqual({})
    writeFileSync(join(dir, 'a.json'), '{"state":')
    expect(await ask()).toEqual({})
    writeFileSync(join(dir, 'a.json'), '{"state":"open"}')
    expect(await ask()).toEqual({ account: { state: 'open' } })
    rmSync(join(dir, 'a.json'))
    expect(await ask()).toEqual({})
  })
})
