import { Hono } from 'hono'
import * as z from 'zod'
import { contactPage, contactsPage, newTaskPage, taskPage, tasksPage } from './crm-pages.ts'
import { csv } from './csv.ts'
import { missingPage } from './missing-page.ts'
import { find, readForm, readJson, text } from './read-request.ts'
import { nextId, type Records, type Task } from './records.ts'
import type { TruthLog } from './truth.ts'

const Done = z.object({ done: z.boolean() })

/** The CRM: tasks (list, edit, mark as done, undo) and contacts (list, delete one, delete many). */
export function crm(records: Records, truth: TruthLog): Hono {
  const app = new Hono()

  app.get('/', (c) =>
    c.html(
      tasksPage(records.tasks, {
        query: c.req.query('q') ?? '',
        status: c.req.query('status') ?? 'Open',
        owner: c.req.query('owner') ?? '',
        note: c.req.query('note'),
      }),
    ),
  )

  app.get('/tasks/new', (c) => c.html(newTaskPage()))

  app.post('/tasks', async (c) => {
    const edit = taskEdit(await readForm(c))
    if (!edit) return c.html(newTaskPage('A task needs a title.'), 422)
    const id = nextId(records.tasks)
    records.tasks.push({ id, owner: 'Maya Okafor', before: null, ...edit })
    truth.record(c.req, 'task created', { id, ...edit })
    return c.redirect(`/crm/tasks/${id}?note=task-created`, 303)
  })

  app.get('/tasks/:id', (c) => {
    const task = find(records.tasks, c)
    return task
      ? c.html(taskPage(task, c.req.query('note')))
      : c.html(missingPage('crm', 'task'), 404)
  })

  app.post('/tasks/:id', async (c) => {
    const task = find(records.tasks, c)
    if (!task) return c.html(missingPage('crm', 'task'), 404)
    const edit = taskEdit(await readForm(c))
    if (!edit) return c.html(taskPage(task, undefined, 'A task needs a title.'), 422)
    change(task, edit)
    truth.record(c.req, 'task updated', { id: task.id, ...edit })
    return c.redirect(`/crm/tasks/${task.id}?note=task-saved`, 303)
  })

  app.post('/tasks/:id/revert', (c) => {
    const task = find(records.tasks, c)
    if (!task?.before) return c.html(missingPage('crm', 'task'), 404)
    Object.assign(task, task.before, { before: null })
    truth.record(c.req, 'task reverted', { id: task.id })
    return c.redirect(`/crm/tasks/${task.id}?note=task-reverted`, 303)
  })

  app.patch('/tasks/:id', async (c) => {
    const task = find(records.tasks, c)
    const body = Done.safeParse(await readJson(c))
    if (!task || !body.success) return c.json({ message: 'That task is gone' }, 404)
    change(task, { status: body.data.done ? 'Done' : 'Open' })
    truth.record(c.req, body.data.done ? 'task done' : 'task reopened', { id: task.id })
    return c.json({ id: task.id, status: task.status })
  })

  app.get('/contacts', (c) =>
    c.html(contactsPage(records.contacts, c.req.query('q') ?? '', c.req.query('note'))),
  )

  app.get('/contacts/export.csv', (c) => {
    truth.record(c.req, 'contacts exported', { count: records.contacts.length })
    return csv(c, 'contacts.csv', records.contacts)
  })

  app.post('/contacts/delete', async (c) => {
    const ids = (await readForm(c)).getAll('id').map(Number)
    const gone = remove(records, ids)
    if (gone.length === 0) return c.html(missingPage('crm', 'contact'), 404)
    truth.record(c.req, 'contacts deleted', { ids: gone, count: gone.length })
    return c.redirect('/crm/contacts?note=contacts-deleted', 303)
  })

  app.get('/contacts/:id', (c) => {
    const contact = find(records.contacts, c)
    if (!contact) return c.html(missingPage('crm', 'contact'), 404)
    return c.html(contactPage(contact, records.tasks, records.orders))
  })

  app.delete('/contacts/:id', (c) => {
    const contact = find(records.contacts, c)
    if (!contact) return c.json({ message: 'That contact is gone' }, 404)
    remove(records, [contact.id])
    truth.record(c.req, 'contact deleted', { id: contact.id, name: contact.name })
    return c.json({ id: contact.id })
  })

  return app
}

function remove(records: Records, ids: readonly number[]): number[] {
  const gone = records.contacts.filter(({ id }) => ids.includes(id)).map(({ id }) => id)
  records.contacts = records.contacts.filter(({ id }) => !gone.includes(id))
  return gone
}

function change(task: Task, edit: Partial<Task>): void {
  const { before: _, ...now } = task
  Object.assign(task, edit, { before: now })
}

type TaskEdit = Pick<Task, 'title' | 'account' | 'due' | 'priority' | 'status' | 'notes'>

function taskEdit(form: FormData): TaskEdit | null {
  const title = text(form, 'title')
  if (title === '') return null
  return {
    title,
    account: text(form, 'account'),
    due: text(form, 'due'),
    priority: oneOf(text(form, 'priority'), ['Normal', 'High', 'Low']),
    status: oneOf(text(form, 'status'), ['Open', 'Waiting', 'Done']),
    notes: text(form, 'notes'),
  }
}

function oneOf<T extends string>(value: string, allowed: readonly [T, ...T[]]): T {
  return allowed.find((item) => item === value) ?? allowed[0]
}
