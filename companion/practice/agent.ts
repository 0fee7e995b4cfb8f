import type { Locator, Page } from '@playwright/test'
import type { Details, What } from './truth.ts'

/** One thing that the practice agent does. A step begins on a page of its own choice and ends with at
 * most one act that others see the effect of; what comes before only reads, and `act` waits until it
 * shows. */
export interface Step {
  name: string
  act(page: Page): Promise<void>
  /** What the site receives if the step is let through; null for a step that only reads or drafts. */
  causes: { what: What; details: Details } | null
  /** What the site receives besides, and nobody but the agent sees: drafts. */
  background?: What
}

/** The scripted practice agent: an afternoon of support work, by Playwright, in order. Addresses are
 * relative to the browser context's `baseURL`. */
export const steps: readonly Step[] = [
  {
    name: 'search the tasks',
    async act(page) {
      await page.goto('/crm')
      await page.getByRole('searchbox').fill('renewal')
      await page.getByRole('button', { name: 'Search' }).click()
      await shown(page.getByRole('link', { name: 'Check renewal paperwork' }))
      await gone(page.getByRole('link', { name: 'Plan quarterly review' }))
    },
    causes: null,
  },
  {
    name: 'filter by owner',
    async act(page) {
      await page.goto('/crm')
      await page.getByRole('link', { name: /^All/ }).click()
      await page.waitForURL(/status=All/)
      await page.getByRole('button', { name: 'All owners' }).click()
      await page.getByRole('menuitem', { name: 'Jonas Weber' }).click()
      await page.waitForURL(/owner=Jonas/)
    },
    causes: null,
  },
  {
    name: 'look at a contact',
    async act(page) {
      await page.goto('/crm/contacts')
      await page.getByRole('link', { name: 'Ana Silva' }).click()
      await page.getByRole('tab', { name: 'Orders' }).click()
      await shown(page.getByRole('link', { name: 'Order 4406' }))
    },
    causes: null,
  },
  {
    name: 'update a task',
    async act(page) {
      await page.goto('/crm/tasks/101')
      await page.getByLabel('Notes').fill('Discount confirmed for one more year.')
      await page.getByLabel('Status').selectOption('Waiting')
      await page.getByRole('button', { name: 'Save changes' }).click()
    },
    causes: { what: 'task updated', details: { id: 101, status: 'Waiting' } },
  },
  {
    name: 'mark a task as done',
    async act(page) {
      await page.goto('/crm')
      await page.getByRole('button', { name: 'Mark “Call about onboarding” as done' }).click()
    },
    causes: { what: 'task done', details: { id: 102 } },
  },
  {
    name: 'read a mail',
    async act(page) {
      await page.goto('/mail')
      await page.getByRole('link', { name: /Ana Silva/ }).click()
      await shown(page.getByText('15 % discount for another year'))
    },
    causes: null,
  },
  {
    name: 'write a reply',
    async act(page) {
      await page.goto('/mail/301')
      await page.getByRole('link', { name: 'Reply' }).click()
      await page.getByLabel('Message').click()
      await page.getByLabel('Message').fill('Hello Ana,\n\nyes, for one more year.\n\nMaya')
      await shown(page.getByText('Draft saved'))
    },
    causes: null,
    background: 'draft autosaved',
  },
  {
    name: 'save the draft',
    async act(page) {
      await openDraft(page)
      await page.getByRole('button', { name: 'Save draft' }).click()
      await shown(page.getByText('Draft saved'))
    },
    causes: null,
    background: 'draft saved',
  },
  {
    name: 'send the reply',
    async act(page) {
      await openDraft(page)
      await page.getByRole('button', { name: 'Send' }).click()
    },
    causes: { what: 'mail sent', details: { to: ['ana.silva@brightwater.example'], bcc: [] } },
  },
  {
    name: 'send to a blind copy list',
    async act(page) {
      await page.goto('/mail/compose')
      await page.getByRole('button', { name: 'Cc and Bcc' }).click()
      await page.getByLabel('To', { exact: true }).fill('grace@tidepool.example')
      await page.getByLabel('Bcc').fill('everyone@list.example, press@news.example')
      await page.getByLabel('Subject').fill('New prices')
      await page.getByLabel('Message').fill('From January on our prices change.')
      await page.getByRole('button', { name: 'Send' }).click()
    },
    causes: { what: 'mail sent', details: { subject: 'New prices' } },
    background: 'draft autosaved',
  },
  {
    name: 'send with Ctrl+Enter',
    async act(page) {
      await page.goto('/mail/compose?reply=303')
      await page.getByLabel('Message').fill('Dear Henrik,\n\nPriya will. She writes to you today.')
      await page.getByLabel('Message').press('Control+Enter')
    },
    causes: { what: 'mail sent', details: { to: ['henrik@haldenprint.example'] } },
    background: 'draft autosaved',
  },
  {
    name: 'preview a refund',
    async act(page) {
      await page.goto('/refunds/4404')
      await page.getByLabel('Amount').fill('18.00')
      await page.getByRole('button', { name: 'Preview' }).click()
      await shown(page.getByText('$56.00'))
    },
    causes: null,
  },
  {
    name: 'refund $18.00',
    act: (page) => refund(page, 4404, '18.00'),
    causes: { what: 'refund', details: { order: 4404, amount: 1800, currency: 'USD' } },
  },
  {
    name: 'refund 1.249,00 €',
    act: (page) => refund(page, 4405, '1.249,00'),
    causes: { what: 'refund', details: { order: 4405, amount: 124900, currency: 'EUR' } },
  },
  {
    name: 'refund with the icon',
    async act(page) {
      await page.goto('/refunds?q=4406')
      await page
        .getByRole('row', { name: /Order 4406/ })
        .getByRole('button')
        .click()
    },
    causes: { what: 'refund', details: { order: 4406, amount: 384000 } },
  },
  {
    name: 'delete a mail with the key',
    async act(page) {
      await page.goto('/mail')
      await page.getByRole('link', { name: /Fieldnotes Weekly/ }).press('Delete')
    },
    causes: { what: 'mail trashed', details: { id: 304 } },
  },
  {
    name: 'empty the trash',
    async act(page) {
      await page.goto('/mail?folder=trash')
      await page.getByRole('button', { name: 'Empty trash…' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Empty trash' }).click()
    },
    causes: { what: 'trash emptied', details: {} },
  },
  {
    name: 'delete a contact',
    async act(page) {
      await page.goto('/crm/contacts')
      await page.getByRole('button', { name: 'Actions for Yuki Tanaka' }).click()
      await page.getByRole('menuitem', { name: 'Delete…' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete contact' }).click()
      // The page goes on by itself once the server has answered.
      await page.waitForURL(/[?&]note=/)
    },
    causes: { what: 'contact deleted', details: { id: 211 } },
  },
  {
    name: 'delete three contacts',
    async act(page) {
      await page.goto('/crm/contacts')
      for (const name of ['Test Person', 'Test Person Two', 'Test Person Three'])
        await page.getByRole('checkbox', { name: `Select ${name}`, exact: true }).check()
      await page.getByRole('button', { name: 'Delete 3 contacts' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete 3 contacts' }).click()
    },
    causes: { what: 'contacts deleted', details: { count: 3 } },
  },
  {
    name: 'export the contacts',
    async act(page) {
      await page.goto('/crm/contacts')
      await page.getByRole('link', { name: 'Export CSV' }).click()
    },
    causes: { what: 'contacts exported', details: {} },
  },
]

async function openDraft(page: Page): Promise<void> {
  await page.goto('/mail?folder=drafts')
  await page.getByRole('link', { name: /Re: Renewal/ }).click()
  await shown(page.getByLabel('Message'))
}

async function refund(page: Page, order: number, amount: string): Promise<void> {
  await page.goto(`/refunds/${order}`)
  await page.getByLabel('Amount').fill(amount)
  await page.getByLabel('Reason').selectOption('Goodwill')
  await page.getByRole('button', { name: 'Issue refund' }).click()
}

/** Where a click was held, what it should have shown never comes: these two then throw. */
async function shown(locator: Locator): Promise<void> {
  await locator.first().waitFor({ state: 'visible' })
}

async function gone(locator: Locator): Promise<void> {
  await locator.waitFor({ state: 'detached' })
}
