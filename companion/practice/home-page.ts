import { html } from 'hono/html'
import { type Html, icon, page } from './layout.ts'

/** The site's front page: what there is to try. */
export function homePage(): Html {
  return page(
    { title: 'Good morning, Maya', app: 'home' },
    html`<p class="muted">Fernhill is a practice site: everything in it is made up, lives in memory and is gone when the server stops. Try what a gate lets pass and what it holds.</p>
    <div class="tiles">${tiles.map(
      (tile) =>
        html`<a class="card" href="${tile.href}">${icon(tile.icon)}<h2>${tile.title}</h2><span class="muted">${tile.says}</span></a>`,
    )}</div>`,
  )
}

const tiles = [
  {
    href: '/crm',
    icon: 'crm',
    title: 'CRM',
    says: 'Search and filter tasks, edit one, mark it as done. Delete a contact, or three.',
  },
  {
    href: '/mail',
    icon: 'mail',
    title: 'Mail',
    says: 'Read, write a draft that saves itself, send it, empty the trash.',
  },
  {
    href: '/refunds',
    icon: 'refund',
    title: 'Refund desk',
    says: 'Preview a refund, then issue it, in dollars or euros.',
  },
  {
    href: '/lab',
    icon: 'lab',
    title: 'Lab',
    says: 'Controls that hide, move or disguise what they do.',
  },
] as const
