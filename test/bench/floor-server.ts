import { setImmediate } from 'node:timers'
import { serve } from '@hono/node-server'
import Database from 'better-sqlite3'
import { Hono } from 'hono'
import { type WebSocket, WebSocketServer } from 'ws'

/** The least that a companion needs: it echoes, and a release is one group commit and a push. */
export async function serveFloor(database: string): Promise<string> {
  const commit = groupCommit(database)
  const waiting = new Set<WebSocket>()
  const app = new Hono()
    .get('/page/:button', (c) => {
      // Only an isolated page has a clock finer than 0.1 ms.
      if (c.req.query('isolated') !== undefined) {
        c.header('cross-origin-opener-policy', 'same-origin')
        c.header('cross-origin-embedder-policy', 'require-corp')
      }
      return c.html(page(c.req.param('button'), c.req.query('signal') ?? ''))
    })
    .post('/echo', async (c) => c.body(await c.req.text()))
    .post('/release', async (c) => {
      await commit(await c.req.text())
      for (const socket of waiting) socket.send('{"state":"go"}')
      return c.json({ ok: true })
    })
  const sockets = new WebSocketServer({ noServer: true })
  return await new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
      resolve(`http://127.0.0.1:${port}`),
    )
    server.on('upgrade', (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (opened) => {
        waiting.add(opened)
        opened.on('close', () => waiting.delete(opened))
        opened.on('message', (data) => {
          const text = String(data)
          const written = JSON.parse(text).way === 'commit' ? commit(text) : Promise.resolve()
          written.then(() => opened.send(text)).catch(() => opened.close())
        })
      }),
    )
  })
}

/** Rows that came in one turn of the event loop, in one synced transaction. */
function groupCommit(file: string): (text: string) => Promise<void> {
  const db = new Database(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec('CREATE TABLE log (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT')
  const insert = db.prepare('INSERT INTO log (text) VALUES (?)')
  let queue: { text: string; done(): void }[] = []
  const write = db.transaction((batch: typeof queue) => {
    for (const { text } of batch) insert.run(text)
  })
  const flush = () => {
    const batch = queue
    queue = []
    write(batch)
    for (const { done } of batch) done()
  }
  return (text) =>
    new Promise((done) => {
      if (queue.length === 0) setImmediate(flush)
      queue.push({ text, done })
    })
}

/** A form as mail programs have them. The address of `signal` hears of every click that arrives. */
const page = (button: string, signal: string) => `<!doctype html><html lang="en"><title>Mail</title>
<h1>New message</h1><form id="compose" method="post" action="/send">
<label>To <input name="to" type="email" value="person@example.com"></label>
<label>Subject <input name="subject" value="The numbers you asked for"></label>
<label>Text <textarea name="text">${'All of it is in the table below. '.repeat(8)}</textarea></label>
<button id="act" type="submit">${button.replace(/[^\w ]/g, '')}</button>
<button type="button">Attach a file</button></form>
<script>
const socket = ${JSON.stringify(signal)} && new WebSocket(${JSON.stringify(signal)})
addEventListener('released', () => { if (socket) socket.send('released') })
</script></html>`
