import type { BrowserOrder, HostBrowser } from '#companion/server/browser-board.ts'

export interface FakeBrowser {
  order: BrowserOrder
  stopped: boolean
  /** The browser ends by itself. */
  crash(): void
  /** A person ends its run. */
  endRun(): void
}

/** Starts no browser, and writes down which it was told to. */
export function fakeHost() {
  const browsers: FakeBrowser[] = []
  /** Answers of the next starts, where they are not to succeed at once. */
  const next: (() => Promise<Awaited<ReturnType<HostBrowser>> | null>)[] = []
  const host: HostBrowser = async (order) => {
    const other = await next.shift()?.()
    if (other) return other
    const n = browsers.length + 1
    let crash: () => void = () => undefined
    let endRun: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      crash = resolve
    })
    const runEnded = new Promise<void>((resolve) => {
      endRun = resolve
    })
    const browser: FakeBrowser = { order, stopped: false, crash, endRun }
    browsers.push(browser)
    const stop = async () => {
      browser.stopped = true
      crash()
    }
    return {
      ok: true,
      hosted: {
        ...{ run: `run_${n}`, cdp: `http://127.0.0.1:${n}`, ws: `ws://127.0.0.1:${n}/x` },
        ...{ program: '/usr/bin/chromium', dropped: [], ended, runEnded, stop },
      },
    }
  }
  return { host, browsers, next }
}
