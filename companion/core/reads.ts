import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { type Asker, type Context, durably, isoNow } from './context.ts'
import { isRead, judge } from './judge.ts'

/** Most reads of one asker that go on while their records are being written: so many are missing in the
 * log, at most, where the process is killed. */
const UNRECORDED_LIMIT = 8

/** Lets reads go without waiting for their record. What a read does it does to nobody, so nothing is
 * undone by a record that comes a moment later; everything else goes through `ask`, and waits.
 *
 * A record that cannot be written is lost, and `report` is told. From then on every read waits for its
 * own, and is refused without it, until the log can be written again: nobody reads on unseen. */
export class Reads {
  readonly #context: Context
  readonly #asker: Asker
  #writing = 0
  #failed = false

  constructor(context: Context, asker: Asker) {
    this.#context = context
    this.#asker = asker
  }

  /** Whether it is a read that may go now; its record is being written then. `id` is new. */
  pass(id: string, descriptor: Descriptor): boolean {
    const context = this.#context
    if (this.#failed || this.#writing >= UNRECORDED_LIMIT) return false
    if (context.classify(descriptor).capability !== 'read') return false
    const judgement = judge(context, descriptor)
    // A promise: somebody has to be asked first.
    if (judgement instanceof Promise || !isRead(judgement)) return false
    // Everything else is weighed with what has happened before, in its own transaction (weigh.ts).
    if (judgement.decision.pattern !== 'read') return false
    this.#writing += 1
    const recorded = durably(context, (tx) => {
      tx.append({
        at: isoNow(context),
        kind: 'decision',
        actor: this.#asker.actor,
        hold: null,
        run: descriptor.run?.id ?? null,
        body: { requestId: id, answer: 'go', released: true, ...judgement },
      })
    })
    recorded.then(({ ok }) => {
      this.#writing -= 1
      if (!ok) this.#failed = true
    }, context.report)
    return true
  }

  /** Something was recorded durably: the log can be written. */
  recorded(): void {
    this.#failed = false
  }
}
