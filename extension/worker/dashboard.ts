import { browser } from '../browser.ts'

/** Shows the dashboard, in the tab that has it open already if there is one. The address carries no
 * token: this browser may be driven by the agent, and the dashboard asks for the token itself. */
export async function openDashboard(companion: string | null): Promise<void> {
  if (companion === null) return
  const [open] = await browser.tabs.query({ url: `${new URL('/', companion).href}*` })
  if (open?.id === undefined) {
    await browser.tabs.create({ url: new URL('/', companion).href })
    return
  }
  await browser.tabs.update(open.id, { active: true })
  if (open.windowId !== undefined) await browser.windows.update(open.windowId, { focused: true })
}
