/** What the demo expects of each step of the practice agent, and what the person behind it answers.
 * `pass` is a step that nobody else sees; `allow` and `deny` name the rule that decides alone; `approve`
 * and `refuse` are holds with a person's verdict. */
export type Expected =
  /** With `noted`, the log may name the write in the background that the passed click caused. */
  | { course: 'pass'; noted?: true }
  | { course: 'allow' | 'deny'; rule: string }
  | { course: 'approve' }
  | { course: 'refuse'; reason: string }

const pass = { course: 'pass' } as const
const approve = { course: 'approve' } as const
const allow = { course: 'allow', rule: 'tasks' } as const

/** By the name of the step. */
export const plan: Readonly<Record<string, Expected>> = {
  'search the tasks': pass,
  'filter by owner': pass,
  'look at a contact': pass,
  'update a task': allow,
  'mark a task as done': allow,
  'read a mail': pass,
  'write a reply': pass,
  'save the draft': { course: 'pass', noted: true },
  'send the reply': approve,
  'send to a blind copy list': { course: 'refuse', reason: 'No mail to lists.' },
  'send with Ctrl+Enter': approve,
  'preview a refund': pass,
  'refund $18.00': approve,
  'refund 1.249,00 €': { course: 'refuse', reason: 'Ask finance first.' },
  'refund with the icon': { course: 'refuse', reason: 'Use the form and give a reason.' },
  'delete a mail with the key': approve,
  'empty the trash': { course: 'refuse', reason: 'Keep it until the end of the quarter.' },
  'delete a contact': approve,
  'delete three contacts': { course: 'deny', rule: 'no-bulk-delete' },
  'export the contacts': approve,
}

/** The policy under which the demo runs: one rule that allows, one that denies, one that lets the
 * mailbox save its drafts (only a gateway asks about those), the rest is held. */
export function demoPolicy(site: string): string {
  return `# Written by \`npm run demo\`.
version: 1
mode: enforce
scope: Keep the tasks of the CRM up to date. A person decides on everything else.
sites:
  - ${site}/**
rules:
  - id: tasks
    effect: allow
    on: { capability: update, url: ["${site}/crm", "${site}/crm/tasks/**"], reversible: true }
    undo: { path: "Task > Undo last change", within: 30d }
  - id: drafts
    effect: allow
    on: { request: "${site}/mail/drafts" }
    acknowledge: [communication]
  - id: no-bulk-delete
    effect: deny
    on: { capability: delete }
    if: has(terms.rows) && terms.rows > 2
    tell: Delete contacts one at a time.
`
}
