import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The least that an extension needs to hold a click until a program outside says go: no look at the
 * page, no judgement, no second thought. What of it is used stands in `data-way` on the root element:
 * `port` (a long-lived port to the worker and its WebSocket), `commit` (the same, and the server makes
 * the message durable first) or `message` (`sendMessage` and `fetch`). */
const content = `
const message = { id: 'x', text: 'x'.repeat(280) }
let replaying = false
const release = () => {
  replaying = true
  document.getElementById('act')?.click()
  replaying = false
}
const port = chrome.runtime.connect()
port.onMessage.addListener(release)
addEventListener('click', (event) => {
  if (replaying) return
  event.stopImmediatePropagation()
  event.preventDefault()
  const { way } = document.documentElement.dataset
  if (way === 'port' || way === 'commit') port.postMessage({ ...message, way })
  else if (way === 'message') chrome.runtime.sendMessage(message).then(release)
}, true)
`

const worker = (server: string) => `
const ports = new Set()
const socket = new WebSocket('${server.replace('http', 'ws')}/worker')
socket.addEventListener('message', ({ data }) => {
  const message = JSON.parse(data)
  for (const port of ports) port.postMessage(message)
})
chrome.runtime.onConnect.addListener((port) => {
  ports.add(port)
  port.onMessage.addListener((message) => socket.send(JSON.stringify(message)))
  port.onDisconnect.addListener(() => ports.delete(port))
})
chrome.runtime.onMessage.addListener((message, _sender, answer) => {
  fetch('${server}/echo', { method: 'POST', body: JSON.stringify(message) })
    .then((response) => response.json())
    .then(answer)
  return true
})
`

const manifest = {
  name: 'Floor',
  version: '1',
  manifest_version: 3,
  host_permissions: ['<all_urls>'],
  background: { service_worker: 'worker.js' },
  content_scripts: [
    { matches: ['<all_urls>'], js: ['content.js'], run_at: 'document_start', all_frames: true },
  ],
}

/** Writes the extension into a new folder, which the caller removes. `server` is a `serveFloor`. */
export function writeFloorExtension(server: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'holdpoint-floor-'))
  writeFileSync(join(dir, 'manifest.json'), JSON.stringify(manifest))
  writeFileSync(join(dir, 'content.js'), content)
  writeFileSync(join(dir, 'worker.js'), worker(server))
  return dir
}
