import type { Records } from './records.ts'
import { contacts, tasks } from './seed-crm.ts'
import { mails } from './seed-mail.ts'
import { orders } from './seed-refunds.ts'

/** The state in which the practice site starts; every call makes a new one. */
export function seed(): Records {
  const me = 'maya@fernhill.example'
  return {
    tasks: tasks.map((task) => ({ ...task, before: null })),
    contacts: contacts.map((contact) => ({ ...contact })),
    mails: mails.map((mail) => ({ ...mail, home: 'inbox', to: [me], cc: [], bcc: [] })),
    orders: orders.map((order) => ({ ...order })),
  }
}
