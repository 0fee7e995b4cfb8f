import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { findBrowser } from '#companion/browser/find-browser.ts'
import { HostBench } from './host-bench.ts'
import type { RawAgent } from './raw-agent.ts'

/** A browser that does not care for the switches and preferences by which it is told to send no pings and
 * to fetch nothing ahead of time, as a later version may. Then what it sends is held all the same, or
 * stopped at the proxy. */

let folder: string
let bench: HostBench
let agent: RawAgent

/** Starts the real browser without them. */
const WRAPPER = (real: string) => `#!/bin/bash
kept=()
for one in "$@"; do
  case "$one" in
    --no-pings|--disable-background-networking|--disable-features=*) ;;
    --user-data-dir=*) sed -i 's/"network_prediction_options":2/"network_prediction_options":0/' "\${one#*=}/Default/Preferences"; kept+=("$one") ;;
    *) kept+=("$one") ;;
  esac
done
exec "${real}" "\${kept[@]}"
`

beforeAll(async () => {
  const found = findBrowser()
  if (!found.ok) throw new Error(found.error.message)
  folder = mkdtempSync(join(tmpdir(), 'holdpoint-unswitched-'))
  const path = join(folder, 'browser')
  writeFileSync(path, WRAPPER(found.browser.path))
  chmodSync(path, 0o755)
  bench = await HostBench.start({
    browser: { ...found.browser, path },
    pages: { '/app': '<!doctype html><title>app</title><body>' },
    policy: 'version: 1\nside_effects: ["http://127.0.0.1:*/account/*"]\n',
  })
  agent = await bench.agent()
})
afterAll(async () => {
  agent?.end()
  await bench?.stop()
  rmSync(folder, { recursive: true, force: true })
})
afterEach(async () => {
  for (const { id } of await bench.holds()) await bench.verdict(id, 'deny')
  expect(arrived()).toEqual([])
})

const arrived = () => [...bench.site.mutating(), ...came('/account/')]
const came = (start: string) =>
  bench.site.hits.map(({ path }) => path).filter((path) => path.startsWith(start))

const rules = (kind: string) =>
  `{ type: 'speculationrules', textContent: JSON.stringify({ ${kind}: [{ source: 'list', urls: ['PATH'], eagerness: 'immediate' }] }) }, 'script'`

it.each([
  [
    'the ping of a link',
    `add({ id: 'pings', href: '/app?pinged', ping: 'PATH' }, 'a'); pings.click()`,
  ],
  ['a beacon as the page is left', `${leaving(`navigator.sendBeacon('PATH')`)}`],
  [
    'a fetch as the page is left',
    `${leaving(`fetch('PATH', { method: 'POST', keepalive: true })`)}`,
  ],
])('%s is held', async (name, code) => {
  const path = `/by-${name.replaceAll(' ', '-')}`
  const fresh = await bench.open(agent, '/app')
  await fresh.evaluate(script(code, path))
  await bench.held(new RegExp(`${path}$`))
  await agent.call('Target.closeTarget', { targetId: fresh.targetId })
})

it('a beacon and a fetch as the tab is closed do not arrive', async () => {
  const fresh = await bench.open(agent, '/app')
  await fresh.evaluate(`addEventListener('pagehide', () => {
    navigator.sendBeacon('/by-closing'); fetch('/by-closing', { method: 'POST', keepalive: true }) }); 1`)
  await agent.call('Target.closeTarget', { targetId: fresh.targetId })
  await pause(700)
})

it.each([
  ['rules that prefetch', `add(${rules('prefetch')})`],
  ['rules that prerender', `add(${rules('prerender')})`],
  ['a link to prefetch', `add({ rel: 'prefetch', href: 'PATH' }, 'link')`],
  ['a link to preload', `add({ rel: 'preload', as: 'fetch', href: 'PATH' }, 'link')`],
  ['a module to preload', `add({ rel: 'modulepreload', href: 'PATH' }, 'link')`],
])('%s: an address that changes something is not fetched ahead of time', async (name, code) => {
  const place = name.replaceAll(' ', '-')
  const fresh = await bench.open(agent, '/app')
  await fresh.evaluate(script(code, `/plain/${place}`))
  await fresh.evaluate(script(code, `/account/${place}`))
  await pause(700)
  // That the harmless one came is what makes this a test.
  expect(came(`/plain/${place}`)).toHaveLength(1)
  expect(arrived()).toEqual([])
  await agent.call('Target.closeTarget', { targetId: fresh.targetId })
})

function leaving(what: string): string {
  return `addEventListener('pagehide', () => ${what}); setTimeout(() => { location = '/app?left' })`
}

function script(code: string, path: string): string {
  return `{ const add = (what, tag) => document.head.append(Object.assign(document.createElement(tag), what))
    ${code.replaceAll('PATH', path)} } 1`
}
