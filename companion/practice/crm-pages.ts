import { html } from 'hono/html'
import { badge, empty, type Html, icon, page, searchBox, tabs } from './layout.ts'
import { matches } from './matches.ts'
import { money } from './money.ts'
import type { Contact, Order, Task } from './records.ts'

export interface TaskView {
  query: string
  status: string
  owner: string
  note: string | undefined
}

export function tasksPage(all: readonly Task[], view: TaskView): Html {
  const mine = all.filter((task) => view.owner === '' || task.owner === view.owner)
  const found = mine.filter(
    (task) =>
      (view.status === 'All' || task.status === view.status) &&
      matches(view.query, task.title, task.account, task.notes),
  )
  const keep = [
    ['status', view.status],
    ['owner', view.owner],
  ] as const
  const actions = html`<a class="button" href="/crm/contacts">${icon('crm')}Contacts</a>
    <a class="button primary" href="/crm/tasks/new">${icon('plus')}New task</a>`
  return page(
    { title: 'Tasks', app: 'crm', script: 'crm.js', note: view.note, actions },
    html`${tabs(
      'Task status',
      ['Open', 'Waiting', 'Done', 'All'].map((status) => ({
        text: status,
        href: address({ ...view, status }),
        current: status === view.status,
        count: mine.filter((task) => status === 'All' || task.status === status).length,
      })),
    )}
    <div class="bar spread">${searchBox('/crm', 'Search tasks', view.query, keep)}${ownerMenu(all, view)}</div>
    <div class="card">${
      found.length === 0
        ? empty('No task matches.')
        : html`<table class="rows" aria-label="Tasks">
      <thead><tr><th class="tight"><span>Done</span></th><th>Task</th><th>Account</th><th>Owner</th><th>Due</th><th class="tight">Status</th></tr></thead>
      <tbody>${found.map(taskRow)}</tbody></table>`
    }</div>`,
  )
}

/** The list's address with the view in it; what is empty is left out. */
function address(view: TaskView): string {
  const parts = { status: view.status, q: view.query, owner: view.owner }
  return `/crm?${new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== ''))}`
}

function taskRow(task: Task): Html {
  const done = task.status === 'Done'
  return html`<tr class="checkable" data-task="${task.id}">
    <td class="tight"><button type="button" class="only-icon ${done ? 'primary' : ''}" data-done="${task.id}"
      aria-pressed="${done}" aria-label="Mark “${task.title}” as done">${icon('check')}</button></td>
    <td><a href="/crm/tasks/${task.id}" class="${done ? 'struck' : ''}">${task.title}</a></td>
    <td class="minor">${task.account}</td><td class="minor muted">${task.owner}</td>
    <td class="minor muted tight">${day(task.due)}</td>
    <td class="tight" data-status>${status(task.status)}</td></tr>`
}

function ownerMenu(all: readonly Task[], view: TaskView): Html {
  const owners = [...new Set(all.map((task) => task.owner))].sort()
  return html`<div class="menu">
    <button type="button" aria-haspopup="menu" aria-expanded="false" aria-controls="owners">${icon('filter')}${view.owner || 'All owners'}</button>
    <div role="menu" id="owners" hidden>${['', ...owners].map(
      (owner) =>
        html`<a role="menuitem" href="${address({ ...view, owner })}">${owner || 'All owners'}</a>`,
    )}</div></div>`
}

export function taskPage(task: Task, note?: string, problem?: string): Html {
  const done = task.status === 'Done'
  const actions = html`${
    task.before
      ? html`<form method="post" action="/crm/tasks/${task.id}/revert"><button class="quiet">${icon('undo')}Undo last change</button></form>`
      : ''
  }<button type="button" data-done="${task.id}" aria-pressed="${done}">${icon('check')}<span>${done ? 'Reopen' : 'Mark as done'}</span></button>`
  return page(
    { title: task.title, app: 'crm', script: 'crm.js', note, actions },
    html`<a class="crumb" href="/crm">${icon('back')}All tasks</a>
    <div class="split">
      <form class="card pad" method="post" action="/crm/tasks/${task.id}" aria-label="Edit task">
        ${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}${taskFields(task)}
        <div class="bar"><button class="primary">Save changes</button><button type="reset" class="quiet">Discard edits</button></div>
      </form>
      <aside class="card pad"><h2>Details</h2>
        <dl class="facts"><dt>Number</dt><dd>T-${task.id}</dd><dt>Account</dt><dd>${task.account}</dd>
        <dt>Owner</dt><dd>${task.owner}</dd><dt>Due</dt><dd>${day(task.due)}</dd><dt>Status</dt><dd data-status>${status(task.status)}</dd></dl>
      </aside></div>`,
  )
}

export function newTaskPage(problem?: string): Html {
  return page(
    { title: 'New task', app: 'crm', script: 'crm.js' },
    html`<a class="crumb" href="/crm">${icon('back')}All tasks</a>
    <form class="card pad" method="post" action="/crm/tasks" aria-label="New task">
      ${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}${taskFields(blank)}
      <div class="bar"><button class="primary">Create task</button><a class="button quiet" href="/crm">Cancel</a></div>
    </form>`,
  )
}

type TaskFields = Pick<Task, 'title' | 'account' | 'due' | 'priority' | 'status' | 'notes'>

const blank: TaskFields = {
  title: '',
  account: '',
  due: '2026-12-18',
  priority: 'Normal',
  status: 'Open',
  notes: '',
}

function taskFields(task: TaskFields): Html {
  return html`<div class="fields">
    <div class="field wide"><label for="title">Title</label><input id="title" name="title" value="${task.title}" autocomplete="off"></div>
    <div class="field"><label for="account">Account</label><input id="account" name="account" value="${task.account}"></div>
    <div class="field"><label for="due">Due</label><input id="due" name="due" type="date" value="${task.due}"></div>
    <div class="field"><label for="priority">Priority</label>${select('priority', ['High', 'Normal', 'Low'], task.priority)}</div>
    <div class="field"><label for="status">Status</label>${select('status', ['Open', 'Waiting', 'Done'], task.status)}</div>
    <div class="field wide"><label for="notes">Notes</label><textarea id="notes" name="notes">
${task.notes}</textarea></div>
  </div>`
}

function select(name: string, options: readonly string[], value: string): Html {
  return html`<select id="${name}" name="${name}">${options.map(
    (option) => html`<option ${option === value ? html`selected` : ''}>${option}</option>`,
  )}</select>`
}

export function contactsPage(all: readonly Contact[], query: string, note?: string): Html {
  const found = all.filter((contact) =>
    matches(query, contact.name, contact.company, contact.email, contact.city),
  )
  const actions = html`<a class="button" href="/crm">${icon('check')}Tasks</a>
    <a class="button" href="/crm/contacts/export.csv" download>${icon('download')}Export CSV</a>`
  return page(
    { title: 'Contacts', app: 'crm', script: 'crm.js', note, actions },
    html`${searchBox('/crm/contacts', 'Search contacts', query)}
    <form method="post" action="/crm/contacts/delete" class="card" id="contacts">
      <div class="selection" data-selection hidden><span data-selected></span>
        <button type="button" aria-haspopup="dialog" data-open="confirm-bulk">${icon('trash')}<span data-bulk>Delete</span></button>
        <button type="button" class="quiet" data-clear>Clear selection</button></div>
      <table class="rows" aria-label="Contacts">
        <thead><tr><th class="tight"><input type="checkbox" data-all aria-label="Select all contacts"></th><th>Name</th><th>Company</th><th>City</th><th class="tight">Stage</th><td class="tight"></td></tr></thead>
        <tbody>${found.map(contactRow)}</tbody></table>
      <dialog id="confirm-bulk" aria-labelledby="bulk-title" aria-describedby="bulk-text">
        <h2 id="bulk-title">Delete contacts?</h2>
        <p id="bulk-text">They disappear for everyone in your team. This cannot be undone.</p>
        <div class="bar"><button type="button" data-close>Keep them</button><button class="danger" data-bulk>Delete</button></div>
      </dialog>
    </form>${deleteDialog()}`,
  )
}

function contactRow(contact: Contact): Html {
  const menu = `contact-${contact.id}`
  return html`<tr class="checkable" data-contact="${contact.id}">
    <td class="tight"><input type="checkbox" name="id" value="${contact.id}" aria-label="Select ${contact.name}"></td>
    <td><a href="/crm/contacts/${contact.id}">${contact.name}</a><small>${contact.title}</small></td>
    <td class="minor">${contact.company}</td><td class="minor muted">${contact.city}</td>
    <td class="tight minor">${badge(contact.stage, stages[contact.stage])}</td>
    <td class="tight"><div class="menu"><button type="button" class="quiet only-icon" aria-label="Actions for ${contact.name}" aria-haspopup="menu" aria-expanded="false" aria-controls="${menu}">${icon('more')}</button>
      <div role="menu" id="${menu}" hidden><a role="menuitem" href="/crm/contacts/${contact.id}">Open</a><a role="menuitem" href="/mail/compose?to=${contact.email}">Write a mail</a>
      <button type="button" role="menuitem" class="bad" aria-haspopup="dialog" data-delete="${contact.id}" data-name="${contact.name}">Delete…</button></div></div></td></tr>`
}

function deleteDialog(): Html {
  return html`<dialog id="confirm-delete" aria-labelledby="delete-title" aria-describedby="delete-text">
    <h2 id="delete-title">Delete contact?</h2>
    <p id="delete-text"></p>
    <div class="bar"><button type="button" data-close>Keep</button><button type="button" class="danger" data-confirm-delete>Delete contact</button></div>
  </dialog>`
}

export function contactPage(
  contact: Contact,
  tasks: readonly Task[],
  orders: readonly Order[],
): Html {
  const open = tasks.filter((task) => task.account === contact.company)
  const bought = orders.filter((order) => order.email === contact.email)
  const actions = html`<a class="button" href="/mail/compose?to=${contact.email}">${icon('mail')}Write a mail</a>
    <button type="button" class="quiet" aria-haspopup="dialog" data-delete="${contact.id}" data-name="${contact.name}">${icon('trash')}Delete…</button>`
  return page(
    { title: contact.name, app: 'crm', script: 'crm.js', actions },
    html`<a class="crumb" href="/crm/contacts">${icon('back')}All contacts</a>
    <div role="tablist" aria-label="Contact">
      <button type="button" role="tab" aria-selected="true" aria-controls="overview">Overview</button>
      <button type="button" role="tab" aria-selected="false" aria-controls="tasks">Tasks <span class="count">${open.length}</span></button>
      <button type="button" role="tab" aria-selected="false" aria-controls="orders">Orders <span class="count">${bought.length}</span></button></div>
    <div role="tabpanel" id="overview" class="card pad"><dl class="facts"><dt>Title</dt><dd>${contact.title}</dd><dt>Company</dt><dd>${contact.company}</dd>
      <dt>Email</dt><dd>${contact.email}</dd><dt>City</dt><dd>${contact.city}</dd><dt>Stage</dt><dd>${badge(contact.stage, stages[contact.stage])}</dd></dl></div>
    <div role="tabpanel" id="tasks" class="card" hidden>${
      open.length === 0
        ? empty('No tasks.')
        : html`<table class="rows"><tbody>${open.map(taskRow)}</tbody></table>`
    }</div>
    <div role="tabpanel" id="orders" class="card" hidden>${
      bought.length === 0
        ? empty('No orders.')
        : html`<table class="rows"><tbody>${bought.map(
            (order) =>
              html`<tr><td><a href="/refunds/${order.id}">Order ${order.id}</a></td><td class="minor">${order.item}</td><td class="number">${money(order.paid, order.currency)}</td></tr>`,
          )}</tbody></table>`
    }</div>${deleteDialog()}`,
  )
}

const stages = { Lead: 'info', Trial: 'warn', Customer: 'good', Churned: 'plain' } as const
const tones = { Open: 'info', Waiting: 'warn', Done: 'good' } as const

function status(of: Task['status']): Html {
  return badge(of, tones[of])
}

function day(date: string): string {
  return new Date(`${date}T00:00:00Z`).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    timeZone: 'UTC',
  })
}
