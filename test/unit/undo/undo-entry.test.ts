import { describe, expect, it } from 'vitest'
import { ask, redeem } from '#companion/core/intake.ts'
import { decideHold } from '#companion/core/verdict.ts'
import type { FilledRecipe } from '#companion/undo/fill-recipe.ts'
import type { Outcome } from '#companion/undo/run-recipe.ts'
import { undoEntry } from '#companion/undo/undo-entry.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { type Bench, bench, decision, descriptor, me } from '../companion/bench.ts'
import { policyOf } from '../policy/arbitrary.ts'

const by = { id: 't_maya', actor: 'supervisor', name: 'maya' }
const DAY = 86_400_000

const SANDBOX = 'sandbox: { "https://mail.example.com": "https://staging.mail.example.com" }'

const policy = (more = '') =>
  policyOf(`version: 1
${more}
undo:
  restore: { url: "https://mail.example.com/trash", within: 30d, steps: [{ click: "Restore {target.row}" }] }
rules:
  - { id: trash, effect: allow, on: { capability: delete }, undo: { recipe: restore, within: 7d }, acknowledge: [deletion] }
  - { id: plain, effect: allow, on: { capability: update } }
`)

const mail = (more: Partial<Descriptor> = {}): Descriptor => {
  const { target, ...rest } = descriptor()
  return { ...rest, target: { ...target, row: 'Mail 7' }, ...more }
}

interface Undoing extends Bench {
  ran: FilledRecipe[]
  /** What the next runs come to; one that works without it. */
  outcomes: Partial<Outcome>[]
  undo(entry: string): ReturnType<typeof undoEntry>
  letGo(rule: string, what?: Descriptor): Promise<string>
}

async function undoing(): Promise<Undoing> {
  const b = await bench()
  b.says.policy = policy()
  b.says.classification = { ...b.says.classification, capability: 'delete', category: 'deletion' }
  const ran: FilledRecipe[] = []
  const outcomes: Partial<Outcome>[] = []
  const run = async (recipe: FilledRecipe): Promise<Outcome> => {
    ran.push(recipe)
    return { ok: true, did: ['click it'], touched: true, why: null, ...outcomes.shift() }
  }
  let last = 0
  return {
    ...b,
    ran,
    outcomes,
    undo: (entry) => undoEntry({ context: b.context, run }, entry, by),
    async letGo(rule, what = mail()) {
      b.says.decision = decision('allow', { rules: [rule], pattern: 'allow-list' })
      const { answer } = await ask(b.context, { id: `r${++last}`, descriptor: what, asker: me })
      return answer.state === 'go' ? answer.audit : ''
    },
  }
}

async function kinds({ store }: Bench): Promise<string[]> {
  return (await store.auditAfter(0, 1000)).map(({ kind, body }) =>
    kind === 'undo' ? `undo ${String(body.state)}` : kind,
  )
}

describe('taking back what was let go', () => {
  it('runs the recipe of its rule with its values, recorded before and after', async () => {
    const b = await undoing()
    const entry = await b.letGo('trash')
    expect(await b.undo(entry)).toMatchObject({ ok: true, did: ['click it'] })
    expect(b.ran.map(({ url, steps }) => [url.href, steps])).toEqual([
      ['https://mail.example.com/trash', [{ click: { role: undefined, name: 'Restore Mail 7' } }]],
    ])
    expect((await kinds(b)).slice(-3)).toEqual(['decision', 'undo begun', 'undone'])
    expect(await b.undo(entry)).toMatchObject({ ok: false, error: { code: 'already_undone' } })
    expect(b.ran).toHaveLength(1)
  })

  it('takes back what a person had approved, by its release', async () => {
    const b = await undoing()
    b.says.decision = decision('hold', { rules: ['trash'], pattern: 'undo-unverified' })
    const { answer } = await ask(b.context, { id: 'h', descriptor: mail(), asker: me })
    if (answer.state !== 'held') return expect.unreachable()
    const verdict = { verdict: 'approve', surface: 'dashboard', automation: null } as const
    await decideHold(b.context, { ...verdict, hold: answer.hold.id, by, name: by.name })
    const [told] = b.told
    const ticket = told?.message.type === 'decided' ? (told.message.ticket ?? '') : ''
    const request = { id: 'h2', hold: answer.hold.id, ticket, descriptor: mail(), asker: me }
    const released = await redeem(b.context, request)
    if (released.state !== 'go') return expect.unreachable()
    expect(await b.undo(released.audit)).toMatchObject({ ok: true })
    // The question was let go by its release, and nothing under the question itself.
    expect(await b.undo(answer.hold.auditId)).toMatchObject({ error: { code: 'not_released' } })
  })

  it('goes once, whoever asks at the same time, and not again after a crash half-way', async () => {
    const b = await undoing()
    const entry = await b.letGo('trash')
    const both = await Promise.all([b.undo(entry), b.undo(entry)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(b.ran).toHaveLength(1)

    const other = await b.letGo('trash')
    const dies = undoEntry(
      { context: b.context, run: () => new Promise(() => undefined) },
      other,
      by,
    )
    void dies
    while ((await kinds(b)).at(-1) !== 'undo begun') await new Promise(setImmediate)
    const context = await b.restart()
    const run = () => expect.unreachable()
    const again = await undoEntry({ context, run }, other, by)
    expect(again).toMatchObject({ ok: false, error: { code: 'already_undone' } })
  })

  it('may be tried again where nothing was touched, and never where something was', async () => {
    const b = await undoing()
    const entry = await b.letGo('trash')
    const failed = { ok: false, did: [], why: 'no button' }
    b.outcomes.push({ ...failed, touched: false }, { ...failed, touched: true })
    expect(await b.undo(entry)).toMatchObject({
      error: {
        code: 'undo_failed',
        message: expect.stringContaining('nothing was touched: no button'),
      },
    })
    expect(await b.undo(entry)).toMatchObject({
      error: { code: 'undo_failed', message: expect.stringContaining('half-way') },
    })
    expect(await b.undo(entry)).toMatchObject({ error: { code: 'already_undone' } })
    expect(b.ran).toHaveLength(2)
    expect((await kinds(b)).slice(-4)).toEqual([
      'undo begun',
      'undo failed',
      'undo begun',
      'undo failed',
    ])
  })

  it('has an end: the rule’s own time goes before the recipe’s', async () => {
    const b = await undoing()
    const [early, late] = [await b.letGo('trash'), await b.letGo('trash')]
    b.clock.advance(7 * DAY)
    expect(await b.undo(early)).toMatchObject({ ok: true })
    b.clock.advance(1000)
    expect(await b.undo(late)).toMatchObject({ error: { code: 'undo_too_late' } })
    expect(b.ran).toHaveLength(1)
  })

  it('is undone on staging where it was done there', async () => {
    const b = await undoing()
    b.says.policy = policy(SANDBOX)
    const page = { url: 'https://staging.mail.example.com/inbox', title: '', top: true }
    expect(await b.undo(await b.letGo('trash', mail({ page })))).toMatchObject({ ok: true })
    expect(b.ran[0]?.url.href).toBe('https://staging.mail.example.com/trash')
  })

  it.each<[string, string, (b: Undoing) => Promise<string>]>([
    ['an entry that there is none of', 'entry_unknown', async () => 'hp_99'],
    ['a rule without a recipe', 'no_recipe', (b) => b.letGo('plain')],
    ['an action without the value', 'undo_unknown', (b) => b.letGo('trash', descriptor())],
    [
      'what was denied',
      'not_released',
      async (b) => {
        b.says.decision = decision('deny', { rules: ['trash'] })
        const { answer } = await ask(b.context, { id: 'd', descriptor: mail(), asker: me })
        return answer.state === 'denied' ? answer.audit : ''
      },
    ],
    [
      'what was only recorded',
      'not_released',
      async (b) => {
        b.says.decision = decision('allow', { rules: ['trash'], mode: 'shadow' })
        const { answer } = await ask(b.context, { id: 's', descriptor: mail(), asker: me })
        return answer.state === 'shadowed' ? answer.audit : ''
      },
    ],
    [
      'a read',
      'not_released',
      async (b) => {
        b.says.classification = {
          capability: 'read',
          category: 'other',
          effect: 'none',
          signals: [],
        }
        b.says.decision = decision('allow', { rules: ['trash'], pattern: 'read' })
        const { answer } = await ask(b.context, { id: 'x', descriptor: mail(), asker: me })
        return answer.state === 'go' ? answer.audit : ''
      },
    ],
  ])('touches nothing for %s', async (_, code, entryOf) => {
    const b = await undoing()
    const entry = await entryOf(b)
    expect(entry).not.toBe('')
    expect(await b.undo(entry)).toMatchObject({ ok: false, error: { code }, did: [] })
    expect(b.ran).toEqual([])
  })
})
