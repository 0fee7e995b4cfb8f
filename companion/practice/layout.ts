import { html } from 'hono/html'

/** A piece of HTML from the `html` template tag, which escapes every value put into it. */
export type Html = ReturnType<typeof html>

export interface Shell {
  title: string
  app: App
  /** Name in `/assets` of the page's own script. */
  script?: string
  /** Code of a note to show after a redirect; unknown codes show nothing. */
  note?: string | undefined
  /** Buttons and links to the right of the title. */
  actions?: Html
}

export type App = 'home' | 'crm' | 'mail' | 'refunds' | 'lab'

/** The whole document: side bar (a bar at the bottom on a phone), title, content. */
export function page(shell: Shell, content: Html): Html {
  const note = shell.note === undefined ? undefined : notes[shell.note]
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>${shell.title} · Fernhill</title>
  <link rel="icon" href="/assets/logo.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/assets/site.css">
  <script src="/assets/shell.js" defer></script>
  ${shell.script ? html`<script src="/assets/${shell.script}" defer></script>` : ''}
</head>
<body>
  <a class="skip" href="#content">Skip to content</a>
  <div class="frame">
    <nav class="side" aria-label="Apps">
      <a class="brand" href="/"><img src="/assets/logo.svg" alt="" width="28" height="28"><span>Fernhill</span></a>
      <ul>${apps.map((app) => appLink(app, shell.app))}</ul>
      <div class="side-foot">
        <button type="button" class="quiet" data-theme-toggle>${icon('theme')}<span>Theme</span></button>
        <div class="me"><span class="avatar" aria-hidden="true">MO</span><span>Maya Okafor<small>Support lead</small></span></div>
      </div>
    </nav>
    <main id="content" tabindex="-1">
      <header class="top"><h1>${shell.title}</h1><div class="actions">${shell.actions ?? ''}</div></header>
      ${content}
    </main>
  </div>
  <div class="toast" role="status" aria-live="polite" data-toast>${note ?? ''}</div>
</body>
</html>`
}

/** An icon of the sprite: decoration, unless it has a `title` to be its name. */
export function icon(name: string, title?: string): Html {
  return title
    ? html`<svg class="icon" role="img"><title>${title}</title><use href="/assets/icons.svg#${name}"></use></svg>`
    : html`<svg class="icon" aria-hidden="true"><use href="/assets/icons.svg#${name}"></use></svg>`
}

/** Links that switch between views of one list; the current one is marked. */
export function tabs(label: string, items: readonly Tab[]): Html {
  return html`<nav class="tabs" aria-label="${label}">${items.map(
    ({ text, href, current, count }) =>
      html`<a href="${href}" ${current ? html`aria-current="page"` : ''}>${text}${count === undefined ? '' : html` <span class="count">${count}</span>`}</a>`,
  )}</nav>`
}

export interface Tab {
  text: string
  href: string
  current: boolean
  count?: number
}

/** A search box that only reads: GET to `action`, with `keep` as hidden fields. */
export function searchBox(action: string, label: string, query: string, keep: Pairs = []): Html {
  return html`<form class="search" role="search" action="${action}" method="get">
    ${keep.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
    ${icon('search')}
    <input type="search" name="q" value="${query}" placeholder="${label}" aria-label="${label}">
    <button type="submit" class="quiet">Search</button>
  </form>`
}

type Pairs = readonly (readonly [string, string])[]

export function empty(text: string): Html {
  return html`<p class="empty">${icon('inbox')}${text}</p>`
}

export function badge(text: string, tone: 'plain' | 'good' | 'warn' | 'bad' | 'info'): Html {
  return html`<span class="badge ${tone}">${text}</span>`
}

const apps = [
  { app: 'crm', href: '/crm', icon: 'crm', text: 'CRM' },
  { app: 'mail', href: '/mail', icon: 'mail', text: 'Mail' },
  { app: 'refunds', href: '/refunds', icon: 'refund', text: 'Refunds' },
  { app: 'lab', href: '/lab', icon: 'lab', text: 'Lab' },
] as const

function appLink(item: (typeof apps)[number], current: App): Html {
  return html`<li><a href="${item.href}" ${item.app === current ? html`aria-current="page"` : ''}>${icon(item.icon)}<span>${item.text}</span></a></li>`
}

/** Notes that a redirect may ask for by code: a page never shows text from its own address. */
const notes: Readonly<Record<string, string>> = {
  'task-created': 'Task created',
  'task-saved': 'Changes saved',
  'task-reverted': 'Last change undone',
  'contacts-deleted': 'Contacts deleted',
  'mail-sent': 'Message sent',
  'mail-trashed': 'Moved to trash',
  'mail-restored': 'Restored',
  'trash-emptied': 'Trash emptied',
  refunded: 'Refund issued',
  received: 'The server received it',
}
