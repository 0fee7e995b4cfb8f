import type { Command } from './agent.ts'
import { isSessionGone, numberOf, paramsOf, textOf } from './cdp.ts'
import type { Target } from './targets.ts'

/** Most addresses of sent forms that are remembered of one page. */
const POSTS_LIMIT = 500

interface Pages {
  /** Method of the last request for a document, by its loader. */
  methods: Map<string, string>
  /** Entries of the page's history that are the answer to a form that was sent. */
  posts: Set<number>
  /** Entries that may be the one that is shown, until that is certain. */
  perhaps: Set<number>
  /** The page that is shown is the answer to a form. */
  showsPost: boolean
  /** The entries are being read: what is known of them is about to change. */
  reading: Promise<void>
}

/** Which entries of a page's history a reload, or going back, would send once more. The protocol's
 * history does not tell a POST from a GET, so the requests for documents are watched. */
export class History {
  readonly #pages = new WeakMap<Target, Pages>()
  readonly #report: (error: unknown) => void

  constructor(report: (error: unknown) => void) {
    this.#report = report
  }

  /** Needs `Page` to be enabled on the page's session. */
  arm(page: Target): void {
    const pages: Pages = {
      methods: new Map(),
      posts: new Set(),
      perhaps: new Set(),
      showsPost: false,
      reading: Promise.resolve(),
    }
    this.#pages.set(page, pages)
    page.session.on('Network.requestWillBeSent', ({ type, loaderId, requestId, request }) => {
      const loader = textOf(loaderId)
      if (type !== 'Document' || loader === undefined || loader !== requestId) return
      pages.methods.set(loader, textOf(paramsOf(request).method) ?? '')
      const [oldest] = pages.methods.keys()
      if (pages.methods.size > 50 && oldest !== undefined) pages.methods.delete(oldest)
    })
    page.session.on('Page.frameNavigated', ({ frame }) => {
      const { parentId, loaderId } = paramsOf(frame)
      if (parentId !== undefined) return
      pages.showsPost = (pages.methods.get(textOf(loaderId) ?? '') ?? 'GET') !== 'GET'
      for (const entry of pages.perhaps) pages.posts.add(entry)
      pages.perhaps.clear()
      this.#note(page, pages, 'early')
    })
    page.session.on('Page.domContentEventFired', () => this.#note(page, pages, 'early'))
    page.session.on('Page.loadEventFired', () => this.#note(page, pages, 'settled'))
    // No answer is waited for: see `InputHold.arm`. It fails where the page has closed.
    page.session.call('Network.enable').catch(() => undefined)
  }

  /** Whether the command would send a form again. True where that cannot be told. */
  async resends({ method, params }: Command, page: Target): Promise<boolean> {
    const pages = this.#pages.get(page)
    if (!pages) return true
    if (method === 'Page.reload') return pages.showsPost
    await pages.reading
    const { posts, perhaps } = pages
    const entry = numberOf(params.entryId)
    if (entry === undefined) return posts.size + perhaps.size > 0
    return posts.has(entry) || perhaps.has(entry)
  }

  /** Notes what the entry that is shown now is. The renderer tells of a navigation before the browser
   * has its entry, so an `early` reading may mean the entry before: it counts until a later one. */
  #note(page: Target, pages: Pages, when: 'early' | 'settled'): void {
    const { showsPost, posts, perhaps } = pages
    if (!showsPost && (when === 'early' || posts.size === 0)) return
    const read = currentEntry(page).then((entry) => {
      if (entry === undefined || pages.showsPost !== showsPost) return
      if (when === 'early') perhaps.add(entry)
      else {
        perhaps.clear()
        if (!showsPost) posts.delete(entry)
        else if (posts.size < POSTS_LIMIT) posts.add(entry)
      }
    }, ignoreLeft(this.#report))
    pages.reading = pages.reading.then(() => read)
  }
}

/** The page closes or goes on to another one at this very moment: what comes next is read anew. A page
 * that has closed has no history. */
function ignoreLeft(report: (error: unknown) => void) {
  return (error: unknown) => {
    if (!/Not attached to an active page/.test(String(error)) && !isSessionGone(error))
      report(error)
  }
}

async function currentEntry({ session }: Target): Promise<number | undefined> {
  const { currentIndex, entries } = await session.call('Page.getNavigationHistory')
  const at = numberOf(currentIndex)
  return at !== undefined && Array.isArray(entries) ? numberOf(paramsOf(entries[at]).id) : undefined
}
