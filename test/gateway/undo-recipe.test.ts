import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Act } from '#shared/policy/schema-limits.ts'
import { UndoSite } from './undo-site.ts'

/** What a recipe does on a page, and above all what it leaves alone. */

const SET_HERE = { secure: true, sourceScheme: 'NonSecure', sourcePort: 80, size: 8, session: true }

let site: UndoSite
beforeAll(async () => {
  site = await UndoSite.start()
})
afterAll(async () => {
  await site.stop()
})

const click = (name: string, role?: string): Act => ({ click: { role, name } })
const post = (path: string) => `onclick="fetch('${path}', { method: 'POST' })"`

describe('a recipe', () => {
  it('clicks, fills, chooses and presses just what it names', async () => {
    const { ok, why } = await site.run(
      `<form method="post" action="/save">
        <label>Title <input name="title" value="old text"></label>
        <label for="n">Note</label><textarea id="n" name="note">a
b</textarea>
        <label>Due <input type="date" name="due" value="2026-01-01"></label>
        <label>Status <select name="status"><option value="o">Open</option><option value="d">Done</option></select></label>
        <fieldset role="radiogroup" aria-label="Size"><label><input type="radio" name="size" value="s">Small</label>
          <label><input type="radio" name="size" value="m">Medium</label></fieldset>
        <label><input type="checkbox" name="urgent"> Urgent</label><label><input type="checkbox" name="mine" checked> Mine</label>
        <label>Find <input name="find" onkeydown="if (event.key === 'Enter') { event.preventDefault(); document.title = 'found'; this.value = 'found' }"></label>
        <button>Save</button></form>`,
      [
        { fill: { label: 'Title', value: 'new & better' } },
        { fill: { label: 'Note', value: 'one\ntwo' } },
        { fill: { label: 'Due', value: '2026-12-24' } },
        { choose: { label: 'Status', value: 'Done' } },
        { choose: { label: 'Size', value: 'Medium' } },
        { choose: { label: 'Urgent', value: 'on' } },
        { choose: { label: 'Mine', value: 'off' } },
        { fill: { label: 'Find', value: 'x' } },
        { press: 'Enter' },
        click('Save', 'button'),
        { expect: 'Done' },
      ],
    )
    expect(why).toBeNull()
    expect(ok).toBe(true)
    const form = new URLSearchParams(site.hits[0]?.split(' ')[2])
    expect(site.hits).toHaveLength(1)
    expect(Object.fromEntries(form)).toEqual({
      title: 'new & better',
      note: 'one\r\ntwo',
      due: '2026-12-24',
      status: 'd',
      size: 'm',
      urgent: 'on',
      find: 'found',
    })
  })

  it('waits for what comes, is switched on and is uncovered later', async () => {
    const { why, did } = await site.run(
      `<div id="at"></div><script>
        setTimeout(() => { at.innerHTML = '<button disabled ${post('/undone').replaceAll("'", '&#39;')}>Undo</button><div id=over style="position:fixed;inset:0"></div>' }, 200)
        setTimeout(() => { at.querySelector('button').disabled = false }, 500)
        setTimeout(() => { over.remove() }, 800)
      </script>`,
      [click('Undo')],
    )
    expect(why).toBeNull()
    expect(did).toEqual([`open ${site.origin}/`, 'click control `Undo`'])
    expect(site.hits).toEqual(['POST /undone'])
  })

  it.each<[string, string, Act, RegExp]>([
    [
      'is not there',
      `<button ${post('/a')}>Delete</button><a href="/x">Help</a>`,
      click('Undo'),
      /there is no control `Undo`; the page has `Delete`, `Help`/,
    ],
    [
      'is there twice',
      `<button ${post('/a')}>Undo</button><button ${post('/b')}>Undo</button>`,
      click('Undo'),
      /there are 2 of control `Undo`/,
    ],
    [
      'has another role',
      `<a href="#" ${post('/a')}>Undo</a>`,
      click('Undo', 'button'),
      /there is no button `Undo`/,
    ],
    [
      'only begins so',
      `<button ${post('/a')}>Undo all</button>`,
      click('Undo'),
      /the page has `Undo all`/,
    ],
    [
      'is hidden',
      `<button hidden ${post('/a')}>Undo</button>`,
      click('Undo'),
      /there is no control `Undo`/,
    ],
    [
      'is switched off',
      `<button disabled ${post('/a')}>Undo</button>`,
      click('Undo'),
      /switched off, hidden, moving or covered/,
    ],
    [
      'is covered',
      `<button ${post('/a')}>Undo</button><div style="position:fixed;inset:0" ${post('/b')}></div>`,
      click('Undo'),
      /covered by something else/,
    ],
    [
      'always moves',
      `<button style="position:fixed" ${post('/a')}>Undo</button><script>let x=0;(function f(){document.querySelector('button').style.left=(x++%400)+'px';requestAnimationFrame(f)})()</script>`,
      click('Undo'),
      /moving/,
    ],
    [
      'is behind a dialog',
      `<button ${post('/a')}>Undo</button><dialog id=d>Read this</dialog><script>d.showModal()</script>`,
      click('Undo'),
      /there is no control `Undo`|covered/,
    ],
    [
      'has no such option',
      '<label>Status <select><option>Open</option></select></label>',
      { choose: { label: 'Status', value: 'Gone' } },
      /has no option `Gone`; it has `Open`/,
    ],
    [
      'does not take the text',
      '<label>Code <input maxlength="2"></label>',
      { fill: { label: 'Code', value: 'abc' } },
      /does not take `abc`; it holds `ab`/,
    ],
    ['is not shown', '<p>Nothing here</p>', { expect: 'Restored' }, /does not show `Restored`/],
  ])('stops, and does nothing else, where what it names %s', async (_, body, act, why) => {
    const outcome = await site.run(body, [act, click('Never')])
    expect(outcome.ok).toBe(false)
    expect(outcome.why).toMatch(why)
    expect(outcome.touched).toBe(false)
    expect(outcome.did).toHaveLength(1)
    expect(site.hits).toEqual([])
  })

  it('says which of two it found, by where they stand', async () => {
    const { why } = await site.run(
      '<section aria-label="Tasks"><button>Undo</button></section><section aria-label="Mails"><button>Undo</button></section>',
      [click('Undo')],
    )
    expect(why).toContain('button in region `Tasks`; button in region `Mails`')
  })

  it('answers a question only as it says, and stops where it says nothing', async () => {
    const body = `<button onclick="if (confirm('Restore it?')) fetch('/restored', { method: 'POST' })">Undo</button>`
    const yes = await site.run(body, [click('Undo'), { expect: 'Restore it?' }, { press: 'Enter' }])
    expect(yes.why).toBeNull()
    expect(site.hits).toEqual(['POST /restored'])
    const no = await site.run(body, [click('Undo'), { press: 'Escape' }])
    expect(no.ok).toBe(true)
    expect(site.hits).toEqual([])
    const silent = await site.run(body, [click('Undo')])
    expect(silent.why).toContain('still asks `Restore it?`')
    const deaf = await site.run(body, [click('Undo'), click('Undo')])
    expect(deaf.why).toContain('press: Enter')
    expect(site.hits).toEqual([])
  })

  it('fails where the site refuses the change, and has touched it then', async () => {
    const outcome = await site.run(`<button ${post('/broken')}>Undo</button>`, [click('Undo')])
    expect(outcome.why).toContain(`answered 500 to POST ${site.origin}/broken`)
    expect(outcome).toMatchObject({ ok: false, touched: true })
  })

  it('waits for what a click sends before it is over', async () => {
    const { ok } = await site.run(`<button ${post('/slow')}>Undo</button>`, [click('Undo')])
    expect(ok).toBe(true)
    expect(site.hits).toEqual(['POST /slow'])
  })

  it('touches nothing on a site that it does not open', async () => {
    const other = await UndoSite.start()
    other.pages.set('/', `<button ${post('/stolen')}>Undo</button>`)
    const { why } = await site.run(`<script>location = '${other.origin}/'</script>`, [
      click('Undo'),
    ])
    await other.stop()
    expect(why).toContain(`the page went to \`${other.origin}\``)
    expect(other.hits).toEqual([])
  })

  it('reaches nothing that is forbidden', async () => {
    const production = await UndoSite.start()
    const body = `<button onclick="fetch('${production.origin}/gone', { method: 'POST', mode: 'no-cors' })">Undo</button>`
    const { why } = await site.run(body, [click('Undo')], { forbidden: [production.origin] })
    await production.stop()
    expect(production.hits).toEqual([])
    expect(why).toContain('ERR_BLOCKED_BY_CLIENT')
  })

  it('is signed in with the cookies it is given, and only with those of its site', async () => {
    const cookie = (name: string, domain: string) => ({ name, value: '1', domain, path: '/' })
    const { ok } = await site.run('<p>%COOKIE%</p>', [{ expect: 'session=1' }], {
      cookies: [
        // As the browser tells it; not all of that does it take back.
        { ...cookie('session', '127.0.0.1'), ...SET_HERE },
        cookie('other', 'mail.example.com'),
        cookie('', ''),
      ],
    })
    expect(ok).toBe(true)
    const without = await site.run('<p>%COOKIE%</p>', [{ expect: 'other=1' }])
    expect(without.ok).toBe(false)
  })

  it('ends with its browser where it takes too long', async () => {
    const { why } = await site.run('<p>x</p>', [{ expect: 'never' }], {
      stepMs: 60_000,
      totalMs: 4000,
    })
    expect(why).toBe('it took longer than 4 s')
  })
})
