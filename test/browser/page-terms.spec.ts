import { expect, test } from '@playwright/test'
import { changes } from '#shared/protocol/binding.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { described, open, withPageCode } from './page-code.ts'

withPageCode()

test('a change in the part of a message that nobody is shown is still a change', async () => {
  const page = await open(`<form><textarea name="body"></textarea><button>Send</button></form>`)
  const write = (tail: string) =>
    page.evaluate((end) => {
      const body = document.querySelector('textarea')
      if (body) body.value = `${'Dear customer, '.repeat(300)}${end}`
    }, tail)
  await write('pay 10')
  const before = await described(page, 'button')
  expect(changes(before, await described(page, 'button'))).toEqual([])
  await write('pay 99')
  expect(changes(before, await described(page, 'button')).map((c) => c.term)).toEqual([
    'field "body"',
  ])
  await page.close()
})

test('no secret leaves the page', async () => {
  const canaries = [
    'hunter2-canary',
    '4111111111111111',
    '4111 1111 1111 1111',
    '918273',
    'a8f5f167f44f4964e6c998dee827110c',
    'tok_canary_77',
    'basicpw',
  ]
  const page = await open(`
    <h2>Card 4111 1111 1111 1111</h2>
    <form method="post" action="/login?access_token=tok_canary_77&view=2">
      <input type="password" name="p" value="hunter2-canary">
      <input name="memo" value="my card is 4111 1111 1111 1111 ok">
      <input name="cardno" value="4111111111111111">
      <input name="x" autocomplete="one-time-code" value="918273">
      <input name="otp_code" value="918273"><input aria-label="Verification code" value="918273">
      <input type="hidden" name="csrf_token" value="a8f5f167f44f4964e6c998dee827110c">
      <input type="hidden" name="blob" value="a8f5f167f44f4964e6c998dee827110c">
      <input type="hidden" name="record" value="3f2504e0-4f89-11d3-9a0c-0305e82c3301">
      <input name="iban" value="DE89370400440532013000">
      <button>Pay with 4111 1111 1111 1111</button>
      <a href="https://me:basicpw@app.example/?code=918273">Continue</a>
    </form>`)
  const before = await described(page, 'button')
  const text = JSON.stringify([before, await described(page, 'a')])
  for (const canary of canaries) expect(text).not.toContain(canary)
  const secret = (d: Descriptor) => d.form?.fields.filter((f) => f.secret).map((f) => f.name)
  expect(secret(before)).toEqual(['p', 'memo', 'cardno', 'x', 'otp_code', '', 'csrf_token', 'blob'])
  expect(before.form?.fields.find((f) => f.name === 'iban')?.value).toBe('DE89370400440532013000')
  expect(before.form?.action).toMatch(/\/login\?access_token=masked-\w+&view=2$/)

  await page.evaluate(() => {
    const input = document.querySelector('input')
    if (!input) return
    input.type = 'text'
    input.value = 'hunter3-canary'
  })
  const after = await described(page, 'button')
  expect(JSON.stringify(after)).not.toContain('hunter3')
  expect(changes(before, after)).toHaveLength(1)
  await page.close()
})

test('rows, headings, dialogs, links and states are read', async () => {
  const page = await open(`
    <section aria-label="Customers"><table>
      <tr><td>Ana Silva</td><td>€ 1,234.50</td><td><time datetime="2026-01-02">3 min ago</time></td>
          <td><a href="/c/1" data-method="delete" data-confirm="Sure?" class="btn px-4 btn-danger css-1x2y3">
            <i class="fa fa-trash"></i></a></td></tr></table></section>
    <div class="bar"><h3>Files</h3></div><div><button aria-haspopup="true" aria-expanded="false" id="menu">More</button></div>
    <dialog open><h2>Delete 3 contacts?</h2><p>This cannot be undone.</p><button id="ok">OK</button></dialog>
    <a id="mail" href="mailto:ana@example.com?cc=bea%40example.com">Write</a>
    <a id="hash" href="#top">Top</a><a id="js" href="javascript:pay()">Pay</a>
    <button id="hx" hx-delete="/contacts/3" title="Remove contact"><img src="/img/bin-icon.png" alt=""></button>
    <details><summary>Advanced</summary></details>
    <div role="toolbar"><span>12 selected</span><button id="bulk">Delete</button></div>`)
  const row = await described(page, 'i')
  expect(row.target).toMatchObject({
    role: 'link',
    heading: 'Customers',
    row: 'Ana Silva € 1,234.50 2026-01-02',
    hints: ['method=delete', 'confirm=Sure?', 'btn', 'btn-danger', 'fa', 'fa-trash'],
  })
  expect(row.link).toEqual({
    href: 'https://app.example/c/1',
    scheme: 'https',
    method: 'delete',
  })
  expect(row.terms.amounts).toEqual([{ currency: 'EUR', minor: 123450, text: '€ 1,234.50' }])
  expect((await described(page, '#menu')).target).toMatchObject({
    heading: 'Files',
    haspopup: 'menu',
    expanded: false,
  })
  const ok = await described(page, '#ok')
  expect(ok.dialog).toEqual({
    name: 'Delete 3 contacts?',
    text: 'Delete 3 contacts? This cannot be undone. OK',
  })
  expect(ok.terms.rows).toBe(3)
  const mail = await described(page, '#mail')
  expect(mail.link?.scheme).toBe('mailto')
  expect(mail.terms.recipients).toEqual(['ana@example.com', 'bea@example.com'])
  expect((await described(page, '#hash')).link?.sameDocument).toBe(true)
  expect((await described(page, '#js')).link?.scheme).toBe('javascript')
  const hx = await described(page, '#hx')
  expect(hx.link).toMatchObject({ href: 'https://app.example/contacts/3', method: 'delete' })
  expect(hx.target.name).toBe('Remove contact')
  expect(hx.target.hints).toContain('bin-icon.png')
  expect((await described(page, 'summary')).target).toMatchObject({
    role: 'button',
    expanded: false,
    controls: true,
  })
  expect((await described(page, '#bulk')).terms.rows).toBe(12)
  await page.close()
})

test('ticked rows are counted where nothing says how many there are', async () => {
  const rows = Array.from(
    { length: 9 },
    (_, i) =>
      `<tr><td><input type="checkbox" ${i < 4 ? 'checked' : ''}></td><td>Task ${i}</td></tr>`,
  )
  const page = await open(`
    <div><div><button id="a">Complete</button></div><table><tbody>${rows.join('')}</tbody></table></div>
    <div><div><button id="b">Archive</button></div><ul role="listbox">
      <li role="option" aria-selected="true">a</li><li role="option" aria-selected="true">b</li></ul></div>
    <div><div><button id="c">Archive</button></div><ul role="listbox"><li role="option">a</li></ul></div>`)
  expect((await described(page, '#a')).terms.rows).toBe(4)
  expect((await described(page, '#b')).terms.rows).toBe(2)
  expect((await described(page, '#c')).terms.rows).toBeNull()
  await page.close()
})

test('names and roles agree with dom-accessibility-api', async () => {
  const page = await open(`
    <style>.off { display: none } .gone { visibility: hidden }</style>
    <span id="l1">Delete</span><span id="l2">invoice</span><span id="hid" hidden>Hidden label</span>
    <main id="all">
    <button>Plain</button><button>  Two
      lines </button><button aria-label="Labelled">x</button>
    <button><span>Send</span> <b>now</b></button><button><span>A</span><span>B</span></button>
    <button><div>Block</div><div>parts</div></button>
    <button>Keep <span class="off">never</span><span class="gone">gone</span><i hidden>h</i>this</button>
    <button>Icon <span aria-hidden="true">x</span></button>
    <button><img alt="Trash" src="data:,"></button><button><svg><title>Close</title><path/></svg></button>
    <button aria-labelledby="l1 l2">no</button><button aria-labelledby="hid">no</button>
    <button aria-labelledby="missing">Falls back</button>
    <button title="Tip"></button><button title="Tip">Text wins</button>
    <button><span aria-label="Inner name">zzz</span> tail</button>
    <label for="bb">Outside</label><button id="bb">inside</button>
    <a href="/x">Link <em>text</em></a><a>no href</a><a href="/y"><img alt="Logo" src="data:,"></a>
    <input type="submit"><input type="submit" value="Pay"><input type="reset"><input type="button" value="Do">
    <input type="image" alt="Go" src="data:,"><input type="image" src="data:,">
    <label>Wrapped <input type="text"></label><label for="i1">For</label><input id="i1" type="email">
    <label for="i2">One</label><label for="i2">Two</label><input id="i2" type="search">
    <input type="checkbox" aria-label="Check"><input type="radio" title="Radio tip"><input type="number"><input type="range">
    <input list="dl"><datalist id="dl"></datalist><input type="tel"><input type="url">
    <label>Pick <select><option>One</option></select></label><select multiple aria-label="Many"></select><select size="4"></select>
    <label>Note <textarea></textarea></label>
    <div role="button">Div button</div><div role="tab">Tab</div><div role="menuitem">Item <kbd>K</kbd></div>
    <div role="option">Opt</div><div role="checkbox">Box</div><div role="switch" aria-label="Sw"></div>
    <h2>Heading <small>small</small></h2><ul><li>x</li></ul><nav></nav><aside></aside><article></article>
    <table><caption>c</caption><thead><tr><th>H</th></tr></thead><tbody><tr><td>D</td></tr></tbody></table>
    <details><summary>More</summary></details><dialog open aria-label="Dia"></dialog><fieldset></fieldset>
    <footer></footer><header></header><section></section><hr><output></output><progress></progress><figure></figure>
    </main>`)
  const differences = await page.evaluate(() => {
    const { holdpoint } = globalThis
    const named =
      /^(button|link|menuitem|option|tab|checkbox|radio|switch|textbox|searchbox|combobox|listbox|spinbutton|slider)$/
    // Drawings, and parts of a page that nobody clicks.
    const UNTOLD = /^(?:caption|svg|datalist|thead|tbody|hr|output|progress|figure)$/
    const out: string[] = []
    let compared = 0
    for (const element of document.querySelectorAll('#all *')) {
      const expected = holdpoint.getRole(element) ?? 'generic'
      if (!UNTOLD.test(element.localName) && holdpoint.role(element) !== expected)
        out.push(`role of ${element.outerHTML}: ${holdpoint.role(element)}, not ${expected}`)
      if (!named.test(expected)) continue
      compared++
      const name = holdpoint.computeAccessibleName(element).replace(/\s+/g, ' ').trim()
      if (holdpoint.name(element) !== name)
        out.push(`name of ${element.outerHTML}: "${holdpoint.name(element)}", not "${name}"`)
    }
    return { out, compared }
  })
  expect(differences.out).toEqual([])
  expect(differences.compared).toBeGreaterThan(45)
  await page.close()
})
