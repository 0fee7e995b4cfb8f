import { type Asker, type Context, durably } from './context.ts'
import { secretHash } from './ticket.ts'

/** Gives the door of an approved hold a new ticket, when it asks again: the first one may have been
 * lost with a worker or a restart, and only its hash is stored. The time to use it stays the same,
 * and the older ticket is void. */
export async function renewTicket(context: Context, holdId: string, asker: Asker): Promise<void> {
  await durably(context, (tx, later) => {
    const stored = tx.hold(holdId)
    if (stored?.asker !== asker.id || stored.hold.state !== 'approved' || stored.hold.released)
      return
    if (!stored.ticket || context.deadlines.passed(holdId)) return
    const ticket = context.ids.secret()
    tx.putHold({ ...stored, ticket: { ...stored.ticket, hash: secretHash(ticket) } })
    const { requestId } = stored.hold
    later(() =>
      context.bus.tell(stored.asker, {
        type: 'decided',
        hold: holdId,
        requestId,
        state: 'approved',
        ticket,
      }),
    )
  })
}
