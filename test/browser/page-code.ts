import { type Browser, chromium, type Page, test } from '@playwright/test'
import { build } from 'vite'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { Descriptor } from '#shared/protocol/descriptor.ts'

interface Bundle {
  describe(target: Element, occasion: object): unknown
  actionable(element: Element): Element | null
  deepTarget(event: Event): Element | null
  isUnknownTarget(element: Element): boolean
  name(element: Element): string
  role(element: Element): string
  computeAccessibleName(element: Element): string
  getRole(element: Element): string | null
}

declare global {
  var holdpoint: Bundle
  var closedRoots: WeakMap<Element, ShadowRoot>
  var seen: string[]
}

export async function bundle(entry: string): Promise<string> {
  const out = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry, formats: ['iife'], name: 'holdpoint', fileName: 'page' } },
  })
  const [first] = Array.isArray(out) ? out : [out]
  const chunk = first && 'output' in first ? first.output[0] : undefined
  if (chunk?.type !== 'chunk') throw new Error('the bundle has no code')
  return chunk.code
}

let browser: Browser
let script: string

/** Bundles the page code once and opens one browser for all tests of the file that calls this. */
export function withPageCode(): void {
  test.beforeAll(async () => {
    script = await bundle('test/browser/page-bundle.ts')
    const found = findBrowser()
    if (!found.ok) throw new Error(found.error.message)
    browser = await chromium.launch({
      executablePath: found.browser.path,
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    })
  })

  test.afterAll(async () => {
    await browser.close()
  })
}

/** Opens a page of a made-up site. The stand-in for `chrome.dom` knows the closed roots that the page
 * makes, as the browser does for extensions. */
export async function open(body: string, lang = 'en'): Promise<Page> {
  const page = await browser.newPage({ baseURL: 'https://app.example/' })
  await page.route('**/*', (route) =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      body: `<!doctype html><html${lang ? ` lang="${lang}"` : ''}><title>App</title><body>${body}`,
    }),
  )
  await page.addInitScript(() => {
    globalThis.closedRoots = new WeakMap()
    const attach = Element.prototype.attachShadow
    Element.prototype.attachShadow = function (init) {
      const root = attach.call(this, init)
      globalThis.closedRoots.set(this, root)
      return root
    }
    const openOrClosedShadowRoot = (element: Element) => globalThis.closedRoots.get(element) ?? null
    Object.defineProperty(globalThis, 'chrome', { value: { dom: { openOrClosedShadowRoot } } })
  })
  await page.addInitScript({ content: `${script}\nglobalThis.holdpoint = holdpoint` })
  await page.goto('/things?view=1')
  return page
}

/** The Descriptor of the element that `selector` finds, parsed by the protocol's own schema. */
export async function described(
  page: Page,
  selector: string,
  occasion: object = {},
): Promise<Descriptor> {
  const found = await page.evaluate(
    ([css, more]) => {
      const element = document.querySelector(css)
      if (!element) throw new Error(`nothing matches ${css}`)
      const target = globalThis.holdpoint.actionable(element) ?? element
      return globalThis.holdpoint.describe(target, {
        gesture: 'click',
        provenance: 'unknown',
        ...more,
      })
    },
    [selector, occasion] as const,
  )
  return Descriptor.parse(found)
}
