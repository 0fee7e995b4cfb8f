import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type BenchPage, HoldBench } from './hold-bench.ts'

/** What an input would hit: the descriptor that the door is asked about names it. */

const BUTTON = `<button onclick="fetch('/effect/delete',{method:'POST'})">Delete account</button>`

/** Buttons in rows, each 100 by 60, named by their ids. */
function cells(prefix: string, columns: number): string {
  return Array.from({ length: columns * 7 }, (_, at) => {
    const [left, top] = [(at % columns) * 100, Math.floor(at / columns) * 60]
    const style = `position:absolute;left:${left}px;top:${top}px;width:100px;height:60px`
    return `<button id=${prefix}${at} style="${style}">${prefix}${at}</button>`
  }).join('')
}

const PAGES: Record<string, string | ((port: number) => string)> = {
  '/plain': `<title>Plain</title><h1>Account</h1>${BUTTON}<input placeholder="Name">`,
  '/closed': `<x-card style="display:block;margin:40px"></x-card><script>
    customElements.define('x-card', class extends HTMLElement { constructor() { super()
      const root = this.attachShadow({ mode: 'closed' })
      root.innerHTML = '<div id="in"></div>'
      root.firstChild.attachShadow({ mode: 'closed' }).innerHTML = ${JSON.stringify(BUTTON)}
    } })</script>`,
  '/open': `<div id="host"></div><script>
    host.attachShadow({ mode: 'open' }).innerHTML = ${JSON.stringify(BUTTON)}</script>`,
  '/frame': `<p style="height:50px"></p><iframe src="/plain" style="margin:30px;border:10px solid"></iframe>`,
  '/frames': `<iframe src="/frame" style="margin:20px;width:600px;height:500px"></iframe>`,
  '/sandbox': `<iframe sandbox="allow-scripts" style="margin:25px" srcdoc='${BUTTON.replaceAll("'", '`')}'></iframe>`,
  '/foreign': (port) =>
    `<p style="height:40px"></p><iframe src="http://127.0.0.1:${port}/closed"
      style="margin:60px;transform:rotate(20deg) scale(1.3);border:7px solid"></iframe>`,
  '/deep': (port) =>
    `<iframe src="http://127.0.0.1:${port}/back" style="margin:20px;width:700px;height:550px"></iframe>`,
  '/back': (port) =>
    `<p>deep</p><iframe src="http://localhost:${port}/frame" style="margin:15px;width:500px;height:400px"></iframe>`,
  '/scrolled': `<div style="height:3000px"></div>${BUTTON}<div style="height:3000px"></div>`,
  '/grid': (port) => `${cells('a', 6)}<iframe src="http://127.0.0.1:${port}/cells"
    style="position:absolute;left:400px;top:150px;width:500px;height:350px"></iframe>`,
  '/cells': cells('b', 5),
  '/cover': `<div style="position:relative">${BUTTON}
    <div style="position:absolute;inset:0;pointer-events:none"></div></div>`,
  '/label': `<label for="c">Publish to all readers</label>
    <input id="c" type="checkbox" role="switch">`,
  '/clobber': `<img name="elementFromPoint"><img name="activeElement"><form id="f" action="/x">
    <input name="action"><input name="getAttribute"></form>${BUTTON}
    <script>Element.prototype.getAttribute = () => 'Read more'
      Document.prototype.elementFromPoint = () => null</script>`,
}

let bench: HoldBench
let page: BenchPage

beforeAll(async () => {
  bench = await HoldBench.start((path, port) => {
    const html = PAGES[path] ?? ''
    return typeof html === 'string' ? html : html(port)
  })
})
let runs = 1
afterEach(() => {
  bench.door.asked.length = 0
  bench.run = `run_${++runs}`
})
afterAll(() => bench.close())

/** Clicks, and names what was held; the click is denied then. */
async function held(at: { x: number; y: number }): Promise<string> {
  const clicked = page.click(at)
  const { descriptor } = await bench.door.deny()
  const [, press] = await clicked
  expect(press).toMatchObject({ ok: false, text: expect.stringContaining('denied') })
  return `${descriptor.target.role} ${descriptor.target.name} @ ${new URL(descriptor.page.url).host} ${descriptor.page.top ? 'top' : `in ${new URL(descriptor.page.topUrl ?? '').host}`}`
}

const here = () => `localhost:${bench.port}`
const there = () => `127.0.0.1:${bench.port}`

describe('the target of a click', () => {
  it('is found in the page itself, with its title and form', async () => {
    page = await bench.open('/plain')
    expect(await held(await page.middle('button'))).toBe(`button Delete account @ ${here()} top`)
    const [asked] = bench.door.asked
    expect(asked).toMatchObject({
      door: 'gateway',
      provenance: 'agent',
      gesture: 'click',
      run: { id: 'run_1' },
      page: { title: 'Plain' },
      target: { tag: 'button', heading: 'Account' },
    })
    expect(bench.requests).toEqual([])
  })

  it.each(['/open', '/closed'])('is found inside of shadow roots (%s)', async (path) => {
    page = await bench.open(path)
    const at = await page.middle(path === '/open' ? '#host' : 'x-card')
    expect(await held({ x: at.x > 200 ? 90 : at.x, y: at.y })).toContain('button Delete account')
  })

  it('is found in a frame of the same process, and in one below it', async () => {
    page = await bench.open('/frame')
    const { x, y } = await inFrames(['iframe'], 'button')
    expect(await held({ x, y })).toBe(`button Delete account @ ${here()} in ${here()}`)
    page = await bench.open('/frames')
    bench.run = 'another'
    expect(await held(await inFrames(['iframe', 'iframe'], 'button'))).toContain('button Delete')
  })

  it('is found in a sandboxed frame without a site', async () => {
    page = await bench.open('/sandbox')
    const frame = await page.middle('iframe')
    const box = await page.run<{ x: number; y: number }>(
      '(({ x, y }) => ({ x, y }))(document.querySelector("iframe").getBoundingClientRect())',
    )
    expect(frame.x).toBeGreaterThan(box.x)
    const clicked = page.click({ x: box.x + 40, y: box.y + 22 })
    expect((await bench.door.deny()).descriptor.target.name).toBe('Delete account')
    await clicked
  })

  it('is found in a turned and scaled frame of another process, through a closed root', async () => {
    page = await bench.open('/foreign')
    const matrix = await page.run<{ x: number; y: number }>(`(() => {
      const frame = document.querySelector('iframe'), box = frame.getBoundingClientRect()
      const turn = new DOMMatrix(getComputedStyle(frame).transform)
      // The button's middle, from the middle of the frame's border box, before it was turned.
      const from = { x: 7 + 48 + 50 - frame.offsetWidth / 2, y: 7 + 40 + 11 - frame.offsetHeight / 2 }
      const to = turn.transformPoint(new DOMPoint(from.x, from.y))
      return { x: box.x + box.width / 2 + to.x, y: box.y + box.height / 2 + to.y }
    })()`)
    expect(await held(matrix)).toBe(`button Delete account @ ${there()} in ${here()}`)
  })

  it('is found three processes deep', async () => {
    page = await bench.open('/deep')
    // 20 + 2 margin and border, 15 + 2 more, then /frame inside of /back.
    const sizes = await page.run<{ x: number; y: number }>(
      '(({ x, y }) => ({ x, y }))(document.querySelector("iframe").getBoundingClientRect())',
    )
    const at = await deepButton(sizes)
    expect(await held(at)).toBe(`button Delete account @ ${here()} in ${here()}`)
  })

  it('is found on a page that was scrolled', async () => {
    page = await bench.open('/scrolled')
    await page.run('document.querySelector("button").scrollIntoView()')
    expect(await held(await page.middle('button'))).toContain('button Delete account')
  })

  it('is found on a page that was zoomed and moved, wherever the browser finds it', async () => {
    page = await bench.open('/grid')
    const frame = bench.targets.all().find((one) => one.parent === page.target)
    const inner = frame && (await bench.attach(frame))
    if (!inner) throw new Error('the frame has no process of its own')
    const watch = 'window.hit = null; addEventListener("click", (e) => { hit = e.target.id }, true)'
    await page.run(watch)
    await inner.run(watch)
    await page.direct('Emulation.setPageScaleFactor', { pageScaleFactor: 2 })
    const by = { x: 300, y: 300, xDistance: -130, yDistance: -90 }
    await page.direct('Input.synthesizeScrollGesture', by)
    expect(await page.run('visualViewport.offsetLeft')).toBeGreaterThan(50)
    bench.door.allows = () => true
    const found = []
    for (const [x, y] of [
      [30, 30],
      [200, 40],
      [90, 250],
      [260, 200],
      [380, 85],
      [420, 250],
    ]) {
      if (x === undefined || y === undefined) continue
      await page.run('hit = null')
      await inner.run('hit = null')
      bench.door.asked.length = 0
      await page.click({ x, y })
      const said = bench.door.asked.at(-1)?.target.name
      const hit = (await inner.run<string | null>('hit')) ?? (await page.run<string | null>('hit'))
      found.push([said, hit])
    }
    bench.door.allows = () => false
    expect(found.map(([said]) => said)).toEqual(found.map(([, hit]) => hit))
    expect(new Set(found.map(([said]) => said)).size).toBeGreaterThan(3)
  })

  it('is not moved away by a scale that the agent sets', async () => {
    page = await bench.open('/plain')
    const metrics = { width: 800, height: 600, deviceScaleFactor: 1, mobile: false, scale: 3 }
    expect((await page.send('Emulation.setDeviceMetricsOverride', metrics)).ok).toBe(true)
    await page.run('addEventListener("click", (e) => { window.hit = e.target.localName }, true)')
    bench.door.allows = () => true
    await page.clickOn('button')
    bench.door.allows = () => false
    expect(await page.run('hit')).toBe('button')
  })

  it('counts from the corner of the frame on whose session it comes', async () => {
    page = await bench.open('/grid')
    const frame = bench.targets.all().find((one) => one.parent === page.target)
    const inner = frame && (await bench.attach(frame))
    if (!inner) throw new Error('the frame has no process of its own')
    bench.door.asked.length = 0
    await inner.click({ x: 70, y: 40 })
    expect(bench.door.asked[0]?.target.name).toMatch(/^b\d/)
  })

  it('is what lies under a cover that takes no pointer', async () => {
    page = await bench.open('/cover')
    expect(await held(await page.middle('button'))).toContain('button Delete account')
  })

  it('of a label is its control', async () => {
    page = await bench.open('/label')
    expect(await held(await page.middle('label'))).toContain('switch Publish to all readers')
  })

  it('cannot be hidden by names and patched built-ins', async () => {
    page = await bench.open('/clobber')
    expect(await held(await page.middle('button'))).toContain('button Delete account')
  })
})

describe('a target that cannot be found out', () => {
  it('is held, not passed, when the page does not answer in time', async () => {
    page = await bench.open('/plain')
    const at = await page.middle('input')
    void page.direct('Runtime.evaluate', {
      expression: 'const end = Date.now() + 3000; while (Date.now() < end);',
    })
    const clicked = page.click(at)
    const { descriptor, classification } = await bench.door.deny()
    expect(descriptor.target.hints).toContain('target-unknown')
    expect(classification.effect).toBe('unknown')
    const [, press] = await clicked
    expect(press?.ok).toBe(false)
  })

  it('is held outside of the viewport', async () => {
    page = await bench.open('/plain')
    expect(await held({ x: -50, y: -50 })).toContain(here())
    expect(bench.door.holds.at(-1)?.descriptor.target.hints).toContain('target-unknown')
  })
})

describe('the world that looks into pages', () => {
  it('is closed to the agent, by its context and by contexts that it guesses', async () => {
    page = await bench.open('/plain')
    await page.clickOn('input')
    const world = bench.targets.get(page.target.id)
    const contexts: number[] = []
    for (let id = 1; id < 30; id++) {
      const got = await page.send('Runtime.evaluate', {
        expression: 'location.href',
        contextId: id,
      })
      if (got.ok) contexts.push(id)
      else expect(got.text).toBe('Cannot find context with specified id')
    }
    expect(world).toBeDefined()
    expect(contexts).toHaveLength(1)
    const names = await page.send('Runtime.evaluate', { expression: '1 + 1' })
    expect(names.ok).toBe(true)
  })

  it('is not to be seen in the page', async () => {
    page = await bench.open('/plain')
    await page.clickOn('input')
    const names = await page.run<string[]>('Object.getOwnPropertyNames(window)')
    expect(names.filter((name) => /^h[0-9a-f]{24}$|holdpoint/i.test(name))).toEqual([])
  })
})

/** Middle of an element in nested frames of one origin. */
async function inFrames(frames: string[], selector: string): Promise<{ x: number; y: number }> {
  return await page.run(`(() => {
    let [x, y, doc] = [0, 0, document]
    for (const name of ${JSON.stringify(frames)}) {
      const frame = doc.querySelector(name), box = frame.getBoundingClientRect()
      x += box.x + frame.clientLeft; y += box.y + frame.clientTop; doc = frame.contentDocument
    }
    const box = doc.querySelector(${JSON.stringify(selector)}).getBoundingClientRect()
    return { x: x + box.x + box.width / 2, y: y + box.y + box.height / 2 }
  })()`)
}

/** Adds up what each process tells of its own frame. */
async function deepButton(outer: { x: number; y: number }): Promise<{ x: number; y: number }> {
  const frames = bench.targets.all().filter((one) => one.type === 'iframe')
  const back = frames.find((one) => one.parent === page.target)
  const front = frames.find((one) => one.parent === back)
  if (!back || !front) throw new Error('the frames have no processes of their own')
  const middle = await bench.attach(back)
  const inner = await bench.attach(front)
  const box = '(({ x, y }) => ({ x, y }))(document.querySelector("iframe").getBoundingClientRect())'
  const second = await middle.run<{ x: number; y: number }>(box)
  const third = await inner.run<{ x: number; y: number }>(`(() => {
    const frame = document.querySelector('iframe'), box = frame.getBoundingClientRect()
    const button = frame.contentDocument.querySelector('button').getBoundingClientRect()
    return { x: box.x + frame.clientLeft + button.x + 20, y: box.y + frame.clientTop + button.y + 8 }
  })()`)
  return { x: outer.x + 2 + second.x + 2 + third.x, y: outer.y + 2 + second.y + 2 + third.y }
}
