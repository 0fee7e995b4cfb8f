import { steps } from './agent.ts'
import { said } from './disagreements.ts'
import { plan } from './plan.ts'
import { type Mark, playStep, type Stage } from './play-step.ts'
import { type Row, rowOf } from './table.ts'

export interface Rehearsal {
  rows: readonly Row[]
  /** What came after the last step and belongs to none. Empty where all is well. */
  leftOver: readonly string[]
}

/** Plays all steps in order, so that every entry of the log and every request that the site received
 * belongs to a step, or is left over. `told` hears of each row at once. */
export async function rehearse(stage: Stage, told: (row: Row) => void): Promise<Rehearsal> {
  const rows: Row[] = []
  let mark = await markAfter(stage, { entry: 0, request: 0 })
  for (const step of steps) {
    const expected = plan[step.name]
    if (!expected) throw new Error(`the plan says nothing about \`${step.name}\``)
    const account = await playStep(stage, step, expected, mark)
    const row = rowOf(account)
    rows.push(row)
    told(row)
    mark = {
      entry: account.entries.at(-1)?.seq ?? mark.entry,
      request: mark.request + account.received.length,
    }
    if (row.problems.length > 0) mark = await clearUp(stage, mark)
  }
  const late = await stage.supervisor.entriesAfter(mark.entry)
  const unclaimed = stage.site.truth().slice(mark.request)
  return {
    rows,
    leftOver: [
      ...late.map(({ id, kind }) => `the log has a late entry ${id} (${kind})`),
      ...(unclaimed.length > 0 ? [`the server received ${said(unclaimed)} late`] : []),
    ],
  }
}

/** After a step that went wrong: what it left pending is denied, so that the next one starts clean. */
async function clearUp(stage: Stage, mark: Mark): Promise<Mark> {
  for (const hold of await stage.supervisor.pending())
    await stage.supervisor.decide(hold.id, 'deny', 'the demo goes on')
  await stage.page.goto('about:blank')
  return await markAfter(stage, mark)
}

async function markAfter({ site, supervisor }: Stage, mark: Mark): Promise<Mark> {
  const last = (await supervisor.entriesAfter(mark.entry)).at(-1)
  return { entry: last?.seq ?? mark.entry, request: site.truth().length }
}
