import { html } from 'hono/html'
import { empty, type Html, icon, page, searchBox, tabs } from './layout.ts'
import { matches } from './matches.ts'
import type { Folder, Mail } from './records.ts'

export interface MailView {
  folder: Folder
  query: string
  note: string | undefined
}

export function mailboxPage(all: readonly Mail[], view: MailView): Html {
  const here = all.filter((mail) => mail.folder === view.folder)
  const found = here.filter((mail) => matches(view.query, mail.subject, mail.from, mail.body))
  const emptyTrash = html`<button type="button" class="quiet" aria-haspopup="dialog" data-open="confirm-empty">${icon('trash')}Empty trash…</button>`
  const actions = html`${view.folder === 'trash' && here.length > 0 ? emptyTrash : ''}
    <a class="button primary" href="/mail/compose">${icon('edit')}Compose</a>`
  return page(
    { title: names[view.folder], app: 'mail', script: 'mail.js', note: view.note, actions },
    html`${tabs(
      'Folders',
      folders.map((folder) => ({
        text: names[folder],
        href: `/mail?folder=${folder}`,
        current: folder === view.folder,
        count: all.filter((mail) => mail.folder === folder).length,
      })),
    )}
    ${searchBox('/mail', 'Search mail', view.query, [['folder', view.folder]])}
    <div class="card">${
      found.length === 0
        ? empty('Nothing here.')
        : html`<ul class="mail-list" aria-label="${names[view.folder]}">${found.map(mailRow)}</ul>`
    }</div>
    <dialog id="confirm-empty" aria-labelledby="empty-title" aria-describedby="empty-text">
      <h2 id="empty-title">Empty the trash?</h2>
      <p id="empty-text">${here.length === 1 ? '1 message is' : `${here.length} messages are`} deleted for good. This cannot be undone.</p>
      <form class="bar" method="post" action="/mail/trash/empty"><button type="button" data-close>Cancel</button><button class="danger">Empty trash</button></form>
    </dialog>`,
  )
}

function mailRow(mail: Mail): Html {
  const href = mail.folder === 'drafts' ? `/mail/compose?draft=${mail.id}` : `/mail/${mail.id}`
  const who = mail.folder === 'inbox' || mail.folder === 'trash' ? mail.from : mail.to.join(', ')
  const restore = html`<button type="button" class="quiet" data-restore="${mail.id}">${icon('undo')}Restore</button>`
  const trash = html`<button type="button" class="quiet only-icon" data-trash="${mail.id}" aria-label="Move “${mail.subject}” to trash">${icon('trash')}</button>`
  return html`<li class="${mail.unread ? 'unread' : ''}" data-mail="${mail.id}">
    <a href="${href}"><span>${who || 'Nobody yet'}</span><span class="subject">${mail.subject || 'No subject'}</span><span class="muted">${mail.when}</span></a>
    <div class="bar">${mail.folder === 'trash' ? restore : trash}</div></li>`
}

export function messagePage(mail: Mail): Html {
  const actions = html`<a class="button" href="/mail/compose?reply=${mail.id}">${icon('reply')}Reply</a>
    ${
      mail.folder === 'trash'
        ? html`<button type="button" data-restore="${mail.id}">${icon('undo')}Restore</button>`
        : html`<button type="button" class="quiet" data-trash="${mail.id}">${icon('trash')}Move to trash</button>`
    }`
  return page(
    { title: mail.subject || 'No subject', app: 'mail', script: 'mail.js', actions },
    html`<a class="crumb" href="/mail?folder=${mail.folder}">${icon('back')}${names[mail.folder]}</a>
    <article class="card pad" data-mail="${mail.id}" data-open-mail>
      <div class="bar spread"><div class="me"><span class="avatar" aria-hidden="true">${initials(mail.from)}</span>
        <span>${mail.from}<small>${mail.address} to ${mail.to.join(', ')}${mail.cc.length > 0 ? `, Cc ${mail.cc.join(', ')}` : ''}</small></span></div>
        <span class="muted">${mail.when}</span></div>
      <p class="letter">${mail.body}</p>
    </article>`,
  )
}

/** What the composer starts with; `id` is the draft that it continues. */
export interface Draft {
  id: number | null
  to: string
  cc: string
  bcc: string
  subject: string
  body: string
}

export function composePage(draft: Draft): Html {
  const copies = draft.cc !== '' || draft.bcc !== ''
  return page(
    { title: draft.subject || 'New message', app: 'mail', script: 'mail.js' },
    html`<a class="crumb" href="/mail">${icon('back')}Inbox</a>
    <section class="card pad" aria-label="Composer" data-composer data-draft="${draft.id ?? ''}">
      <div class="fields">
        <div class="field wide"><label for="to">To</label><input id="to" name="to" type="text" inputmode="email" autocomplete="off" value="${draft.to}"></div>
        <div class="field" data-copies ${copies ? '' : html`hidden`}><label for="cc">Cc</label><input id="cc" name="cc" autocomplete="off" value="${draft.cc}"></div>
        <div class="field" data-copies ${copies ? '' : html`hidden`}><label for="bcc">Bcc</label><input id="bcc" name="bcc" autocomplete="off" value="${draft.bcc}"></div>
        <div class="field wide"><label for="subject">Subject</label><input id="subject" name="subject" autocomplete="off" value="${draft.subject}"></div>
        <div class="field wide"><label for="body">Message</label><textarea id="body" name="body" rows="12">
${draft.body}</textarea></div>
      </div>
      <p class="problem" role="alert" data-problem hidden></p>
      <div class="bar spread"><div class="bar">
        <button type="button" class="primary" data-send>${icon('send')}Send</button>
        <button type="button" data-save>Save draft</button>
        <button type="button" class="quiet" aria-expanded="${copies}" data-show-copies>Cc and Bcc</button></div>
        <small data-saved role="status">Ctrl+Enter sends</small></div>
    </section>`,
  )
}

const folders = ['inbox', 'drafts', 'sent', 'trash'] as const
const names = { inbox: 'Inbox', drafts: 'Drafts', sent: 'Sent', trash: 'Trash' } as const

function initials(name: string): string {
  return name
    .split(' ')
    .map((part) => part.charAt(0))
    .slice(0, 2)
    .join('')
}
