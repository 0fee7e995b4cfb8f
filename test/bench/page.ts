/** What the content script costs a page: time per benign click and per key press with and without
 * the extension, interleaved in one run, and the script's size. Fails when it is over its limit.
 *
 *   npm run bench:page */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { chromium, type Page } from '@playwright/test'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { Companion, extensionDir, openBrowser, pair } from '../fixtures.ts'

const LIMIT_KB = 30
const ROUNDS = 8
const CLICKS = 2_000
const CONTROLS = 2_000

const page = `<!doctype html><title>bench</title><form onsubmit="return false"><input id="text"></form>
<ul id="list"></ul><script>
const kinds = [
  (i) => '<button type="button" aria-label="Show details ' + i + '">…</button>',
  (i) => '<button type="button" aria-haspopup="menu">Row ' + i + '</button>',
  (i) => '<button type="button"><svg width="8" height="8"><path d="M0 0h8v8z"/></svg><span>Open ' + i + '</span></button>',
  (i) => '<div role="tab" tabindex="0">Tab ' + i + '</div>',
]
document.getElementById('list').innerHTML =
  Array.from({ length: ${CONTROLS} }, (_, i) => '<li>' + kinds[i % 4](i) + '</li>').join('')
</script>`

/** Microseconds per synthetic click over `count` clicks; every control is one that only looks. */
function clicks(tab: Page): Promise<number> {
  return tab.evaluate((count) => {
    const controls = [...document.querySelectorAll('#list > li > *')].filter(
      (e) => e instanceof HTMLElement,
    )
    const start = performance.now()
    for (let i = 0; i < count; i++) controls[i % controls.length]?.click()
    return ((performance.now() - start) * 1000) / count
  }, CLICKS)
}

/** Microseconds per whole gesture: pointerdown to click, as a mouse makes it. */
function gestures(tab: Page): Promise<number> {
  return tab.evaluate((count) => {
    const controls = [...document.querySelectorAll('#list > li > *')]
    const types = ['pointerdown', 'mousedown', 'pointerup', 'mouseup', 'click']
    const start = performance.now()
    for (let i = 0; i < count; i++) {
      const control = controls[i % controls.length]
      for (const type of types) {
        const Kind = type.startsWith('pointer') || type === 'click' ? PointerEvent : MouseEvent
        control?.dispatchEvent(new Kind(type, { bubbles: true, cancelable: true, composed: true }))
      }
    }
    return ((performance.now() - start) * 1000) / count
  }, CLICKS)
}

function keys(tab: Page): Promise<number> {
  return tab.evaluate((count) => {
    const input = document.getElementById('text')
    const start = performance.now()
    for (let i = 0; i < count; i++) {
      for (const type of ['keydown', 'keypress', 'keyup']) {
        input?.dispatchEvent(new KeyboardEvent(type, { key: 'a', bubbles: true, composed: true }))
      }
    }
    return ((performance.now() - start) * 1000) / count
  }, CLICKS)
}

const measures = { 'click (el.click())': clicks, 'whole gesture': gestures, 'key press': keys }
const kb = contentScriptKb()
console.log(
  `content script: ${kb.toFixed(1)} kB gzip (limit ${LIMIT_KB}), on demand: ${gzipKb('hold.js').toFixed(1)} kB`,
)

const companion = new Companion()
await companion.start()
const found = findBrowser()
if (!found.ok) throw new Error(found.error.message)
const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
const launch = () =>
  chromium.launchPersistentContext('', { executablePath: found.browser.path, headless: true, args })
const contexts = [await launch(), await launch(), await openBrowser()]
try {
  const [none, control, extension] = contexts
  if (!none || !control || !extension) throw new Error('three browsers were to be open')
  await pair(extension, companion)
  const tabs = {
    none: await open(none),
    control: await open(control),
    extension: await open(extension),
  }
  for (const [name, measure] of Object.entries(measures)) {
    const best = {
      none: Number.POSITIVE_INFINITY,
      control: Number.POSITIVE_INFINITY,
      extension: Number.POSITIVE_INFINITY,
    }
    for (let round = 0; round < ROUNDS; round++) {
      best.none = Math.min(best.none, await measure(tabs.none))
      best.extension = Math.min(best.extension, await measure(tabs.extension))
      best.control = Math.min(best.control, await measure(tabs.control))
    }
    const us = (value: number) => `${value.toFixed(2)} us`
    console.log(
      `${name.padEnd(20)} without ${us(best.none)}  again ${us(best.control)}  with ${us(best.extension)}  ` +
        `ratio ${(best.extension / best.none).toFixed(2)} (control ${(best.control / best.none).toFixed(2)})  +${us(best.extension - best.none)}`,
    )
  }
} finally {
  for (const context of contexts) await context.close()
  await companion.dispose()
}
if (kb > LIMIT_KB) {
  console.error(`the content script is over its limit of ${LIMIT_KB} kB`)
  process.exit(1)
}

async function open(context: Awaited<ReturnType<typeof launch>>): Promise<Page> {
  const tab = await context.newPage()
  await tab.route('http://bench.test/', (route) =>
    route.fulfill({ contentType: 'text/html', body: page }),
  )
  await tab.goto('http://bench.test/')
  return tab
}

/** Only what every frame of every page loads counts against the limit. */
function contentScriptKb(): number {
  const scripts = readdirSync(join(extensionDir, 'content-scripts'))
  return scripts
    .filter((name) => name.endsWith('.js'))
    .reduce((sum, name) => sum + gzipKb(join('content-scripts', name)), 0)
}

function gzipKb(file: string): number {
  return gzipSync(readFileSync(join(extensionDir, file)), { level: 9 }).length / 1000
}
