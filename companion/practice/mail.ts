import { Hono } from 'hono'
import * as z from 'zod'
import { composePage, type Draft, mailboxPage, messagePage } from './mail-pages.ts'
import { missingPage } from './missing-page.ts'
import { find, readJson } from './read-request.ts'
import { type Folder, type Mail, nextId, type Records } from './records.ts'
import type { TruthLog } from './truth.ts'

const Written = z.object({
  draft: z.nullable(z.int()),
  to: z.string(),
  cc: z.string(),
  bcc: z.string(),
  subject: z.string(),
  body: z.string(),
})
type Written = z.infer<typeof Written>

/** The mailbox: folders, reading, a composer that saves drafts on its own, sending, trash. */
export function mail(records: Records, truth: TruthLog): Hono {
  const app = new Hono()

  app.get('/', (c) =>
    c.html(
      mailboxPage(records.mails, {
        folder: folder(c.req.query('folder')),
        query: c.req.query('q') ?? '',
        note: c.req.query('note'),
      }),
    ),
  )

  app.get('/compose', (c) => {
    const draft = record(records.mails, c.req.query('draft'))
    const reply = record(records.mails, c.req.query('reply'))
    return c.html(composePage(draftOf(draft, reply, c.req.query('to') ?? '')))
  })

  // The composer's own background writes: a person who types causes these without any click.
  app.post('/drafts', async (c) => {
    const body = Written.extend({ by: z.enum(['autosave', 'button']) }).safeParse(await readJson(c))
    if (!body.success) return c.json({ message: 'That is no draft' }, 400)
    const { by, ...written } = body.data
    const saved = save(records, written, 'drafts')
    const what = by === 'autosave' ? 'draft autosaved' : 'draft saved'
    truth.record(c.req, what, { id: saved.id, to: saved.to, subject: saved.subject })
    return c.json({ id: saved.id })
  })

  app.post('/send', async (c) => {
    const body = Written.safeParse(await readJson(c))
    if (!body.success) return c.json({ message: 'That is no message' }, 400)
    const everyone = [body.data.to, body.data.cc, body.data.bcc].flatMap(addresses)
    const wrong = everyone.find((address) => !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(address))
    if (everyone.length === 0) return c.json({ message: 'Add at least one recipient' }, 422)
    if (wrong) return c.json({ message: `“${wrong}” is no address` }, 422)
    const sent = save(records, body.data, 'sent')
    const { id, to, cc, bcc, subject } = sent
    truth.record(c.req, 'mail sent', { id, to, cc, bcc, subject, body: sent.body })
    return c.json({ id })
  })

  app.post('/trash/empty', (c) => {
    const count = records.mails.filter((item) => item.folder === 'trash').length
    records.mails = records.mails.filter((item) => item.folder !== 'trash')
    truth.record(c.req, 'trash emptied', { count })
    return c.redirect('/mail?folder=trash&note=trash-emptied', 303)
  })

  app.get('/:id', (c) => {
    const message = find(records.mails, c)
    if (!message) return c.html(missingPage('mail', 'message'), 404)
    message.unread = false
    return c.html(messagePage(message))
  })

  app.post('/:id/trash', (c) => {
    const message = find(records.mails, c)
    if (!message) return c.json({ message: 'That message is gone' }, 404)
    message.home = message.folder === 'trash' ? message.home : message.folder
    message.folder = 'trash'
    truth.record(c.req, 'mail trashed', { id: message.id, subject: message.subject })
    return c.json({ id: message.id })
  })

  app.post('/:id/restore', (c) => {
    const message = find(records.mails, c)
    if (!message) return c.json({ message: 'That message is gone' }, 404)
    message.folder = message.home
    truth.record(c.req, 'mail restored', { id: message.id, subject: message.subject })
    return c.json({ id: message.id })
  })

  return app
}

function folder(name: string | undefined): Folder {
  return name === 'drafts' || name === 'sent' || name === 'trash' ? name : 'inbox'
}

function record(mails: readonly Mail[], id: string | undefined): Mail | undefined {
  return mails.find((item) => item.id === Number(id))
}

function draftOf(draft: Mail | undefined, reply: Mail | undefined, to: string): Draft {
  if (draft) {
    const [toText, cc, bcc] = [draft.to.join(', '), draft.cc.join(', '), draft.bcc.join(', ')]
    return { id: draft.id, to: toText, cc, bcc, subject: draft.subject, body: draft.body }
  }
  const none = { id: null, cc: '', bcc: '' }
  if (!reply) return { ...none, to, subject: '', body: '' }
  const quoted = reply.body.replaceAll(/^/gm, '> ')
  const body = `\n\n${reply.from} wrote:\n${quoted}`
  return { ...none, to: reply.address, subject: `Re: ${reply.subject}`, body }
}

/** Puts what was written into a folder: over the draft it came from, or as a new message. */
function save(records: Records, written: Written, into: 'drafts' | 'sent'): Mail {
  const old = records.mails.find((item) => item.id === written.draft && item.folder === 'drafts')
  const message: Mail = {
    id: old?.id ?? nextId(records.mails),
    folder: into,
    home: into,
    from: 'Maya Okafor',
    address: 'maya@fernhill.example',
    to: addresses(written.to),
    cc: addresses(written.cc),
    bcc: addresses(written.bcc),
    subject: written.subject,
    body: written.body,
    when: 'Now',
    unread: false,
  }
  if (old) Object.assign(old, message)
  else records.mails.push(message)
  return message
}

function addresses(text: string): string[] {
  return text
    .split(/[,;\n]/)
    .map((part) => /<([^<>]+)>/.exec(part)?.[1] ?? part)
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
