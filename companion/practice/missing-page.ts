import { html } from 'hono/html'
import { type App, empty, type Html, page } from './layout.ts'

/** The page for an address whose record does not exist, with status 404. */
export function missingPage(app: App, what: string): Html {
  return page(
    { title: 'Not found', app },
    html`<div class="card">${empty(`This ${what} does not exist, or not any more.`)}</div>`,
  )
}
