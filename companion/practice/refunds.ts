import { Hono } from 'hono'
import { csv } from './csv.ts'
import { missingPage } from './missing-page.ts'
import { cents, money } from './money.ts'
import { find, readForm, text } from './read-request.ts'
import type { Order, Records } from './records.ts'
import { orderPage, ordersPage } from './refunds-pages.ts'
import type { TruthLog } from './truth.ts'

/** The refund desk: orders in dollars and euros, a refund form, a preview that only computes, an
 * icon-only button that refunds the rest at once, and an export. */
export function refunds(records: Records, truth: TruthLog): Hono {
  const app = new Hono()

  app.get('/', (c) =>
    c.html(
      ordersPage(records.orders, {
        query: c.req.query('q') ?? '',
        show: c.req.query('show') ?? 'all',
        note: c.req.query('note'),
      }),
    ),
  )

  app.get('/export.csv', (c) => {
    truth.record(c.req, 'orders exported', { count: records.orders.length })
    return csv(c, 'orders.csv', records.orders)
  })

  app.get('/:id', (c) => {
    const order = find(records.orders, c)
    if (!order) return c.html(missingPage('refunds', 'order'), 404)
    return c.html(orderPage(order, { note: c.req.query('note') }))
  })

  // Computes and changes nothing, which is why it is a GET.
  app.get('/:id/preview', (c) => {
    const order = find(records.orders, c)
    if (!order) return c.json({ message: 'That order is gone' }, 404)
    const amount = cents(c.req.query('amount') ?? '')
    const problem = wrong(order, amount)
    if (amount === null || problem) return c.json({ message: problem }, 422)
    const left = order.paid - order.refunded - amount
    return c.json({
      customer: money(amount, order.currency),
      fee: money(Math.round(amount * 0.014), order.currency),
      left: money(left, order.currency),
    })
  })

  app.post('/:id/refund', async (c) => {
    const order = find(records.orders, c)
    if (!order) return c.html(missingPage('refunds', 'order'), 404)
    const form = await readForm(c)
    const amount = cents(text(form, 'amount'))
    const problem = wrong(order, amount)
    if (amount === null || problem) return c.html(orderPage(order, { problem }), 422)
    order.refunded += amount
    truth.record(c.req, 'refund', {
      order: order.id,
      amount,
      currency: order.currency,
      reason: text(form, 'reason'),
      customer: order.customer,
    })
    return c.redirect(`/refunds/${order.id}?note=refunded`, 303)
  })

  return app
}

/** Why an amount cannot be refunded; undefined where it can. */
function wrong(order: Order, amount: number | null): string | undefined {
  const left = order.paid - order.refunded
  if (amount === null) return 'Enter an amount such as 18.00.'
  if (amount > left) return `At most ${money(left, order.currency)} can be refunded.`
  return undefined
}
