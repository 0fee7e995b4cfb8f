import { paramsOf, type Session, textOf } from '#companion/gateway/cdp.ts'
import type { Pipe } from '#companion/gateway/pipe.ts'
import { PageTraffic } from './page-traffic.ts'
import { PageWorld } from './page-world.ts'
import { Stopped } from './stopped.ts'

/** One page in a browser that nobody else can reach. */
export class Page {
  readonly session: Session
  readonly world: PageWorld
  readonly #traffic: PageTraffic
  #url: string
  #dialog: string | null = null
  #gone = false

  private constructor(session: Session, frame: string) {
    this.session = session
    this.world = new PageWorld(session, frame)
    this.#traffic = new PageTraffic(session)
    this.#url = 'about:blank'
    session.on('Page.frameNavigated', ({ frame: navigated }) => {
      const { url, parentId } = paramsOf(navigated)
      if (parentId === undefined) this.#url = textOf(url) ?? ''
    })
    session.on('Page.navigatedWithinDocument', ({ frameId, url }) => {
      if (frameId === frame) this.#url = textOf(url) ?? ''
    })
    session.on('Page.javascriptDialogOpening', ({ type, message }) => {
      // Leaving the page is what the recipe wants.
      if (type === 'beforeunload') this.answer(true).catch(() => undefined)
      else this.#dialog = textOf(message) ?? ''
    })
    session.on('Page.javascriptDialogClosed', () => {
      this.#dialog = null
    })
  }

  static async open(pipe: Pipe): Promise<Page> {
    const { targetId } = await pipe.call('Target.createTarget', { url: 'about:blank' })
    const attached = await pipe.call('Target.attachToTarget', { targetId, flatten: true })
    const session = pipe.session(textOf(attached.sessionId))
    const page = new Page(session, textOf(targetId) ?? '')
    void pipe.closed.then(() => {
      page.#gone = true
    })
    for (const domain of ['Page', 'Network', 'DOM', 'Runtime', 'Accessibility'])
      await session.call(`${domain}.enable`)
    return page
  }

  get url(): string {
    return this.#url
  }

  /** Its browser has ended. */
  get gone(): boolean {
    return this.#gone
  }

  /** What an open dialog says; null where none is open. */
  get dialog(): string | null {
    return this.#dialog
  }

  /** Closes the open dialog. */
  async answer(accept: boolean): Promise<void> {
    await this.session.call('Page.handleJavaScriptDialog', { accept })
    this.#dialog = null
  }

  async goto(url: string): Promise<void> {
    const { errorText } = await this.session.call('Page.navigate', { url })
    if (errorText !== undefined)
      throw new Stopped(`\`${url}\` cannot be opened: ${textOf(errorText)}`)
    await this.#traffic.settled()
  }

  /** Resolves once the page has done what it was set to do. Throws Stopped where the site refused it. */
  async settled(): Promise<void> {
    if (this.#dialog === null) await this.#traffic.settled()
    const refused = this.#traffic.refused()
    if (refused !== null) throw new Stopped(refused)
  }
}
