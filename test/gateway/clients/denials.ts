import { expect, it } from 'vitest'
import type { Stage } from './stage.ts'

/** A client as its user has it. What comes back is what that user reads: the text of the error that the
 * client gives or of its tool's result, empty where there is nothing to read. */
export interface Client {
  open(url: string): Promise<void>
  /** Clicks the button of this name in the open page. */
  click(name: string): Promise<string>
  /** Presses Enter in the text field of this label. */
  enter(label: string): Promise<string>
}

/** The text of the error that an action ended in, empty where it went well. */
export function textOf(action: Promise<unknown>): Promise<string> {
  return action.then(
    () => '',
    (error: unknown) => String(error),
  )
}

/** What every client must be able to tell its user. */
export function denialsReach(client: Client, stage: () => Stage): void {
  it('a denied click is not executed, and its user reads by which rule, why, and what to do', async () => {
    const { site } = stage()
    site.reset()
    await client.open(site.url)
    for (const time of ['first', 'second']) {
      const started = Date.now()
      const text = await client.click('Delete all')
      const tookMs = Date.now() - started

      expect(text, `${time} time`).toContain('Holdpoint denied this action')
      expect(text).toContain('no-deletes')
      expect(text).toContain('Deletes are done by the data team.')
      expect(text).toContain('Do not retry this action; tell the user.')
      expect(tookMs, `milliseconds, ${time} time:\n${text}`).toBeLessThan(DENIED_WITHIN_MS)
    }
    expect(site.count('/delete')).toBe(0)
  })

  it('a held click says that it is pending; approved and repeated it is executed once', async () => {
    const { site, approve } = stage()
    site.reset()
    await client.open(site.url)
    const text = await client.click('Send')
    expect(text).toContain('Holdpoint: pending, NOT executed')
    expect(text).toContain('repeat exactly the same action')
    expect(site.count('/send')).toBe(0)

    await approve()
    expect(site.count('/send')).toBe(0)
    expect(await client.click('Send')).not.toContain('Holdpoint')
    await expect.poll(() => site.count('/send')).toBe(1)
  })

  it('a click that a rule in shadow mode decides says that it was only recorded', async () => {
    const { site } = stage()
    site.reset()
    await client.open(site.url)
    expect(await client.click('Save')).toContain('Holdpoint recorded, not executed (shadow)')
    expect(site.count('/save')).toBe(0)
  })

  it('Enter in a form is held as its button is', async () => {
    const { site } = stage()
    site.reset()
    await client.open(site.url)
    expect(await client.enter('Message')).toContain('Holdpoint: pending, NOT executed')
    expect(site.count('/send')).toBe(0)
  })
}

/** Every client answers within half a second of the decision; the rest is for a busy machine. It must be
 * less than the shortest time-out of a client, 5 s. */
const DENIED_WITHIN_MS = 4000
