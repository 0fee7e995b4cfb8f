import { Hono } from 'hono'
import { bareForm, labPage, vanishingPage } from './lab-pages.ts'
import { readForm } from './read-request.ts'
import type { TruthLog } from './truth.ts'

/** Controls that try to slip past a gate: moving amounts, closed shadow roots, scripted submits,
 * swapped labels. Whatever arrives is recorded as `lab effect` with the name of the control. */
export function lab(truth: TruthLog): Hono {
  const app = new Hono()

  app.get('/', (c) => c.html(labPage(c.req.query('note'))))
  app.get('/vanishing', (c) => c.html(vanishingPage()))
  app.get('/frame/:name', (c) => c.html(bareForm(c.req.param('name'))))

  // The wrong way to do it, and common: an effect behind a GET.
  app.get('/unsubscribe', (c) => {
    truth.record(c.req, 'lab effect', { control: 'unsubscribe-link' })
    return c.redirect('/lab?note=received', 303)
  })

  app.post('/effects/:control', async (c) => {
    const form = await readForm(c)
    const fields = Object.fromEntries([...form].map(([name, value]) => [name, String(value)]))
    truth.record(c.req, 'lab effect', { control: c.req.param('control'), ...fields })
    const wantsPage = c.req.header('sec-fetch-mode') === 'navigate'
    if (!wantsPage) return c.json({ received: true })
    const framed = c.req.header('sec-fetch-dest') === 'iframe'
    return framed
      ? c.html(bareForm(c.req.param('control').replace('payout-', ''), true))
      : c.redirect('/lab?note=received', 303)
  })

  return app
}
