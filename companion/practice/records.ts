import type { Currency } from './money.ts'

/** Everything the practice site knows, held in memory. */
export interface Records {
  tasks: Task[]
  contacts: Contact[]
  mails: Mail[]
  orders: Order[]
}

export interface Task {
  id: number
  title: string
  account: string
  owner: string
  due: string
  priority: 'High' | 'Normal' | 'Low'
  status: 'Open' | 'Waiting' | 'Done'
  notes: string
  /** The task before its last change, which "Undo last change" brings back. */
  before: Omit<Task, 'before'> | null
}

export interface Contact {
  id: number
  name: string
  title: string
  company: string
  email: string
  city: string
  stage: 'Lead' | 'Trial' | 'Customer' | 'Churned'
}

export type Folder = 'inbox' | 'drafts' | 'sent' | 'trash'

export interface Mail {
  id: number
  folder: Folder
  /** Where it goes when it is restored from the trash. */
  home: Folder
  from: string
  address: string
  to: string[]
  cc: string[]
  bcc: string[]
  subject: string
  body: string
  when: string
  unread: boolean
}

export interface Order {
  id: number
  customer: string
  email: string
  item: string
  placed: string
  currency: Currency
  /** Minor units (cents). */
  paid: number
  refunded: number
}

/** Next free id of a list; ids are never used twice while the list only grows at its end. */
export function nextId(list: readonly { id: number }[]): number {
  return Math.max(0, ...list.map((item) => item.id)) + 1
}
