import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import {
  type FakeCompanion,
  launchWithExtension,
  pairWith,
  startFakeCompanion,
  startSite,
} from './extension-fake.ts'

const mailForm = `<form method="post" action="/send" aria-label="Refund">
  <label>To <input name="to" value="ana@example.com"></label>
  <label>Amount <input name="amount" value="$40.00"></label>
  <button name="op" value="send">Send refund</button></form>`

const pages: Record<string, string> = {
  '/form': mailForm,
  '/read': `<button id="menu" onclick="document.title='opened'">Show menu</button>
    <button id="quiet" onclick="fetch('/api/save',{method:'POST',body:'x'})">Show more</button>`,
  '/script': `${mailForm}<button id="s" type="button">Next</button>
    <script>s.addEventListener('click', () => document.forms[0].submit())</script>`,
  '/shadow': `<div id="host"></div><script>
    const root = host.attachShadow({mode:'closed'})
    root.innerHTML = '<p>A panel</p><button>Delete account</button>'
    root.querySelector('button').onclick = () => fetch('/api/delete',{method:'POST',body:'a'})</script>`,
  '/remove': `${mailForm}<script>
    new MutationObserver(() => document.querySelector('dialog')?.remove())
      .observe(document, {childList:true, subtree:true})</script>`,
  '/frames': '<iframe src="/form" title="one"></iframe><iframe src="/form" title="two"></iframe>',
  '/link': `<a id="go" href="javascript:void fetch('/api/delete',{method:'POST'})">Delete item</a>`,
  '/click': `<button id="trigger" type="button">Show more</button>${mailForm}
    <script>trigger.addEventListener('click', () => document.forms[0].op.click())</script>`,
  '/twice': `<button id="del" onclick="fetch('/api/delete',{method:'POST'})">Delete row</button>`,
  '/fails': `<button id="del" onclick="fetch('/fail',{method:'POST'})">Delete row</button>`,
  '/drop': `<div id="from" draggable="true">Report</div>
    <div id="trash" role="button" aria-label="Move to trash" style="margin-top:90px;height:90px"
      ondragover="event.preventDefault()"
      ondrop="event.preventDefault();fetch('/api/trash',{method:'POST',body:event.dataTransfer.getData('text/plain')})">Trash</div>
    <script>from.ondragstart = (e) => e.dataTransfer.setData('text/plain','report')</script>`,
}

/** What a test of the extension works with; all of it is there while a test runs. */
export interface Bench {
  context: BrowserContext
  companion: FakeCompanion
  site: Awaited<ReturnType<typeof startSite>>
  page: Page
  open(path: string): Promise<void>
  /** Waits until the box in the top layer says `text`. */
  toast(text: string): Promise<void>
}

/** Gives every test of a file a page in a browser with the extension, paired with a companion of its
 * own, and a site with the pages above. */
export function withExtension(): Bench {
  const bench: Partial<Bench> = {}
  const all = () => {
    const { context, companion, site, page } = bench
    if (!context || !companion || !site) throw new Error('the browser has not started')
    return { context, companion, site, page }
  }
  test.beforeAll(async () => {
    bench.companion = await startFakeCompanion()
    bench.site = await startSite(pages)
    bench.context = await launchWithExtension('store')
    await pairWith(bench.context, bench.companion.url)
  })
  test.afterAll(async () => {
    const { context, site, companion } = all()
    await context.close()
    await site.stop()
    await companion.stop()
  })
  test.beforeEach(async () => {
    const { context, site, companion } = all()
    companion.reset()
    site.received.length = 0
    bench.page = await context.newPage()
  })
  test.afterEach(async () => {
    await bench.page?.close()
  })
  const current = () => {
    if (!bench.page) throw new Error('no test is running')
    return bench.page
  }
  return {
    get context() {
      return all().context
    },
    get companion() {
      return all().companion
    },
    get site() {
      return all().site
    },
    get page() {
      return current()
    },
    async open(path) {
      await current().goto(all().site.url + path)
    },
    toast: (text) => expect.poll(() => toastText(all().context, current())).toContain(text),
  }
}

/** Text of the box in the top layer, read through its closed shadow root as only a debugger can. */
async function toastText(context: BrowserContext, of: Page): Promise<string> {
  const cdp = await context.newCDPSession(of)
  const { root } = await cdp.send('DOM.getDocument', { depth: -1, pierce: true })
  await cdp.detach()
  return JSON.stringify(root)
}
