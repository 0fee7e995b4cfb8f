import type { Likeness, Step } from '#shared/policy/history.ts'
import type { Mode } from '#shared/protocol/words.ts'
import type { Later } from './context.ts'
import type { Tx } from './ports.ts'
import type { Fault, StoredStep } from './step-ports.ts'
import { Trail } from './trail.ts'

/** A step as it is counted. */
export interface Counted {
  readonly seq: number
  readonly at: number
  readonly amounts: Step['amounts']
}

/** A step as it is compared. */
export interface Compared {
  readonly seq: number
  readonly at: number
  readonly likeness: Likeness
}

/** Most runs whose steps are kept in memory. */
const RUNS = 100

/** The number of an entry, from its id. */
export function numberOf(audit: string): number {
  return Number(audit.slice(3))
}

/** What has been let go. The table `steps` is the truth: a step is in it in the same transaction as the
 * entry that let it go. What is asked for is kept in memory as far back as anybody has asked, and is
 * used within transactions only, which run one after another: so no two of them count the same.
 *
 * INVARIANT: what a failed write noted does not stay. A rollback shows in `tx.rollbacks()`, and then
 * everything that is not known to be durable is read anew, before it is counted. */
export class Ledger {
  readonly #counted = new Trail<Counted>()
  readonly #compared = new Trail<Compared>()
  readonly #runs = new Map<string, Trail<Counted>>()
  #faults: Fault[] = []
  /** How far back memory is whole, in ms since the epoch. */
  #since = { counted: Infinity, compared: Infinity, faults: Infinity }
  /** What somebody has asked for, counted back from the time of asking, in ms. */
  #length = { counted: 0, compared: 0 }
  #rollbacks = -1
  /** Number of the last entry that is known to be durable. */
  #durable = 0
  #newest = 0

  /** The time that steps are counted by. It never goes back, also where the wall clock does: that would
   * free a window that is used up. */
  now(tx: Tx, wall: number): number {
    this.#sync(tx)
    return Math.max(wall, this.#newest)
  }

  /** Stores a step that is let go, and counts it from now on. */
  add(tx: Tx, step: Step, run: string, later: Later): void {
    this.#sync(tx)
    const stored = { ...step, seq: numberOf(step.audit) }
    tx.putStep(stored)
    this.#newest = step.at
    this.#note(stored)
    this.#runs.get(run)?.push(counted(stored), keysOf(stored))
    later(() => this.#confirm(stored.seq))
  }

  addFault(tx: Tx, fault: Fault, later: Later): void {
    this.#sync(tx)
    tx.putFault(fault)
    if (fault.at >= this.#since.faults) this.#faults.push(fault)
    later(() => this.#confirm(fault.seq))
  }

  /** Takes back what turned out not to have befallen a step. */
  dropFaults(tx: Tx, step: number, kind: Fault['kind']): void {
    tx.dropFaults(step, kind)
    this.#since.faults = Infinity
  }

  /** Steps of one mode with this key, oldest first, whole from `since` on. */
  counted(tx: Tx, mode: Mode, key: string, since: number, now: number): readonly Counted[] {
    this.#sync(tx)
    this.#reach(tx, 'counted', since, now)
    return this.#counted.of(`${mode} ${key}`)
  }

  /** Steps of one kind, to be compared. */
  compared(tx: Tx, mode: Mode, kind: string, since: number, now: number): readonly Compared[] {
    this.#sync(tx)
    this.#reach(tx, 'compared', since, now)
    return this.#compared.of(`${mode} ${kind}`)
  }

  /** Steps of one run, from its start. */
  inRun(tx: Tx, mode: Mode, key: string, run: string): readonly Counted[] {
    this.#sync(tx)
    const known = this.#runs.get(run)
    const trail = known ?? new Trail<Counted>()
    if (!known) for (const step of tx.stepsOfRun(run)) trail.push(counted(step), keysOf(step))
    this.#runs.delete(run)
    this.#runs.set(run, trail)
    const [oldest] = this.#runs.keys()
    if (this.#runs.size > RUNS && oldest !== undefined) this.#runs.delete(oldest)
    return trail.of(`${mode} ${key}`)
  }

  /** What went wrong, oldest first, whole from `since` on. */
  faults(tx: Tx, since: number): readonly Fault[] {
    this.#sync(tx)
    if (since < this.#since.faults) {
      this.#since.faults = since
      this.#faults = tx.faults(since, 0)
    }
    return this.#faults
  }

  /** Memory that a rolled back write may have touched is read anew. */
  #sync(tx: Tx): void {
    const rollbacks = tx.rollbacks()
    if (rollbacks === this.#rollbacks) return
    this.#rollbacks = rollbacks
    this.#newest = tx.lastStepAt()
    this.#runs.clear()
    this.#counted.dropAfter(this.#durable)
    this.#compared.dropAfter(this.#durable)
    const since = Math.min(this.#since.counted, this.#since.compared)
    if (since < Infinity) for (const step of tx.steps(since, this.#durable)) this.#note(step)
    this.#since.faults = Infinity
  }

  /** Reads as far back as is asked for, and forgets what nobody has asked for. */
  #reach(tx: Tx, what: 'counted' | 'compared', since: number, now: number): void {
    const trail = what === 'counted' ? this.#counted : this.#compared
    this.#length[what] = Math.max(this.#length[what], now - since)
    if (since >= this.#since[what]) {
      const from = now - this.#length[what]
      trail.dropBefore(from)
      this.#since[what] = Math.max(this.#since[what], from)
      return
    }
    this.#since[what] = since
    trail.clear()
    for (const step of tx.steps(since, 0)) this.#noteIn(what, step)
  }

  #note(step: StoredStep): void {
    this.#noteIn('counted', step)
    this.#noteIn('compared', step)
  }

  #noteIn(what: 'counted' | 'compared', step: StoredStep): void {
    if (step.at < this.#since[what]) return
    if (what === 'counted') this.#counted.push(counted(step), keysOf(step))
    else {
      const { seq, at, likeness } = step
      this.#compared.push({ seq, at, likeness }, [`${step.mode} ${likeness.kind}`])
    }
  }

  #confirm(seq: number): void {
    this.#durable = Math.max(this.#durable, seq)
  }
}

function counted({ seq, at, amounts }: StoredStep): Counted {
  return { seq, at, amounts }
}

function keysOf({ mode, keys: all }: StoredStep): string[] {
  return all.map((key) => `${mode} ${key}`)
}
