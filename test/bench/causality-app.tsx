import { render } from 'preact'
import { useEffect, useState } from 'preact/hooks'

/** What a component framework makes of clicks: effects, batched state, delegated and late requests. */

const post = (path: string, body = '{}') =>
  fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const ignore = () => undefined

function Effect() {
  const [saves, setSaves] = useState(0)
  useEffect(() => {
    if (saves > 0) post('/caused/effect').catch(ignore)
  }, [saves])
  return (
    <button type="button" id="effect" onClick={() => setSaves(saves + 1)}>
      effect
    </button>
  )
}

function Debounced() {
  const [at, setAt] = useState(0)
  useEffect(() => {
    if (at === 0) return
    const timer = setTimeout(() => post('/caused/debounced').catch(ignore), 400)
    return () => clearTimeout(timer)
  }, [at])
  return (
    <button type="button" id="debounced" onClick={() => setAt(at + 1)}>
      debounced
    </button>
  )
}

let dirty = false
setInterval(() => {
  if (!dirty) return
  dirty = false
  post('/caused/flag').catch(ignore)
}, 300)

const bus = new EventTarget()
bus.addEventListener('save', async () => {
  await sleep(0)
  post('/caused/bus').catch(ignore)
})

const channel = new MessageChannel()
channel.port1.onmessage = () => void post('/caused/message').catch(ignore)

const kinds: Record<string, () => unknown> = {
  sync: () => post('/caused/sync'),
  awaited: async () => {
    await fetch('/token')
    await sleep(60)
    await post('/caused/awaited')
  },
  late: async () => {
    await sleep(1600)
    await post('/caused/late')
  },
  optimistic: () =>
    Promise.resolve()
      .then(() => sleep(30))
      .then(() => post('/caused/optimistic')),
  bus: () => bus.dispatchEvent(new Event('save')),
  message: () => channel.port2.postMessage(0),
  beacon: () => navigator.sendBeacon('/caused/beacon', 'x'),
  frame: () => requestAnimationFrame(() => post('/caused/frame')),
  flag: () => {
    dirty = true
  },
}

function App() {
  return (
    <main>
      <Effect />
      <Debounced />
      {Object.entries(kinds).map(([id, run]) => (
        <button type="button" key={id} id={id} onClick={() => void run()}>
          {id}
        </button>
      ))}
      <form
        onSubmit={(event) => {
          event.preventDefault()
          post('/caused/form').catch(ignore)
        }}
      >
        <button type="submit" id="form">
          form
        </button>
      </form>
    </main>
  )
}

/** What such pages do by themselves. */
setInterval(() => post('/background/interval').catch(ignore), 700)
setInterval(() => navigator.sendBeacon('/background/beacon', String(Date.now())), 900)
const poll = (): unknown =>
  post('/background/poll')
    .then(ignore, ignore)
    .then(() => setTimeout(poll, 500))
poll()
const idle = () =>
  requestIdleCallback(() => {
    post('/background/idle').catch(ignore)
    setTimeout(idle, 800)
  })
idle()
const queue: number[] = []
addEventListener('click', () => void queue.push(1), true)
const flush = () => {
  post('/background/analytics', JSON.stringify(queue.splice(0))).catch(ignore)
  setTimeout(flush, 600)
}
flush()

const place = document.getElementById('app')
if (place) render(<App />, place)
