import { expect, test } from '@playwright/test'
import { described, open, withPageCode } from './page-code.ts'

withPageCode()

test('a submit button is described with its form, fields and labels', async () => {
  const page = await open(`
    <h1>Payments</h1>
    <form method="post" action="/pay" enctype="multipart/form-data">
      <label>Payee <input name="payee" value="Ana Silva"></label>
      <label for="amt">Amount (USD)</label><input id="amt" name="amount" type="number" value="340.00">
      <select name="account"><option value="1">Main</option><option value="2" selected>Savings</option></select>
      <label><input type="checkbox" name="notify" checked> Notify</label>
      <textarea name="note">thanks</textarea>
      <button name="go" value="now"><span>Send</span> <b>mo</b>ney</button>
    </form>`)
  const d = await described(page, 'button')
  expect(d.target).toMatchObject({
    role: 'button',
    name: 'Send money',
    tag: 'button',
    type: 'submit',
  })
  expect(d.target.heading).toBe('Payments')
  expect(d.target.path).toBe('form > button[name=go]')
  expect(d.form).toMatchObject({
    method: 'post',
    action: 'https://app.example/pay',
    enctype: 'multipart/form-data',
  })
  expect(d.form?.fields).toEqual([
    {
      label: 'Payee',
      name: 'payee',
      type: 'text',
      value: 'Ana Silva',
      secret: false,
      changed: false,
    },
    {
      label: 'Amount (USD)',
      name: 'amount',
      type: 'number',
      value: '340.00',
      secret: false,
      changed: false,
    },
    {
      label: '',
      name: 'account',
      type: 'select',
      value: 'Savings [2]',
      secret: false,
      changed: false,
    },
    {
      label: 'Notify',
      name: 'notify',
      type: 'checkbox',
      value: 'on',
      secret: false,
      changed: false,
    },
    { label: '', name: 'note', type: 'textarea', value: 'thanks', secret: false, changed: false },
    {
      label: 'Send money',
      name: 'go',
      type: 'submit',
      value: 'now',
      secret: false,
      changed: false,
    },
  ])
  expect(d.terms.amounts).toEqual([{ currency: 'USD', minor: 34000, text: '340.00 USD' }])
  expect(d.page).toEqual({
    url: 'https://app.example/things?view=1',
    topUrl: 'https://app.example/things?view=1',
    title: 'App',
    top: true,
    lang: 'en',
  })
  await page.close()
})

test('a page cannot hide a form behind the names of its controls', async () => {
  const page = await open(`
    <img name="getElementById"><img name="baseURI"><form name="title"></form><img name="body">
    <img name="defaultView"><img name="querySelectorAll"><form name="documentElement"></form>
    <p id="what">Transfer everything</p>
    <form id="f" method="post" action="/transfer">
      <input name="action" value="/harmless"><input name="method" value="get">
      <input name="attributes"><input name="elements"><input name="getAttribute"><input name="nodeType">
      <input name="parentNode"><input name="tagName"><input name="localName"><input name="children">
      <input name="closest"><input name="matches"><input name="querySelector"><input name="firstChild">
      <input name="childNodes"><input name="hasAttribute"><input name="length"><input name="ownerDocument">
      <input name="getRootNode"><input name="namespaceURI"><input name="assignedSlot">
      <button aria-labelledby="what"></button>
    </form>`)
  const d = await described(page, '#f button')
  expect(d.form).toMatchObject({ method: 'post', action: 'https://app.example/transfer' })
  expect(d.form?.fields).toHaveLength(21)
  expect(d.target.name).toBe('Transfer everything')
  expect(d.page.title).toBe('App')
  const submitted = await described(page, '#f', { gesture: 'submit' })
  expect(submitted.target).toMatchObject({ role: 'form', tag: 'form' })
  expect(submitted.form?.fields).toHaveLength(21)
  await page.close()
})

test('what the submitter overrides is in effect', async () => {
  const page = await open(`
    <form id="f" action="/save"><input name="a" value="1"></form>
    <div><input name="b" value="2" form="f">
      <button id="x" form="f" formaction="/delete?id=7" formmethod="post" formenctype="text/plain">Go</button>
      <button id="y">Loose</button></div>
    <form method="dialog" id="g"><button id="z">Close</button><button id="r" type="reset">Reset</button></form>`)
  const x = await described(page, '#x')
  expect(x.form).toMatchObject({
    method: 'post',
    action: 'https://app.example/delete?id=7',
    enctype: 'text/plain',
  })
  expect(x.form?.fields.map((f) => [f.name, f.value])).toEqual([
    ['a', '1'],
    ['b', '2'],
  ])
  expect(x.target.type).toBe('submit')
  const y = await described(page, '#y')
  expect(y.target.type).toBe('button')
  expect(y.form).toMatchObject({ method: 'script', action: 'https://app.example/things?view=1' })
  expect((await described(page, '#z')).form?.method).toBe('dialog')
  expect((await described(page, '#r')).target.type).toBe('reset')
  const enter = await described(page, '[name=a]', { gesture: 'key', key: 'Enter' })
  expect(enter.form).toMatchObject({ method: 'post', action: 'https://app.example/delete?id=7' })
  await page.close()
})

test('a trusted click two closed roots deep is about the button there', async () => {
  const page = await open('<x-outer></x-outer>')
  await page.evaluate(() => {
    const outer = document.querySelector('x-outer')?.attachShadow({ mode: 'closed' })
    if (!outer) return
    outer.innerHTML = '<section><x-inner></x-inner></section>'
    const inner = outer.querySelector('x-inner')?.attachShadow({ mode: 'closed' })
    if (inner)
      inner.innerHTML = '<button><svg width="90" height="40"><title>Delete</title></svg></button>'
    globalThis.seen = []
    addEventListener(
      'click',
      (event) => {
        const found = globalThis.holdpoint.deepTarget(event)
        const target = found && globalThis.holdpoint.actionable(found)
        const unknown = found ? globalThis.holdpoint.isUnknownTarget(found) : false
        const name = target ? globalThis.holdpoint.name(target) : ''
        globalThis.seen.push(`${found?.localName} ${target?.localName} ${name} ${unknown}`)
      },
      true,
    )
  })
  await page.mouse.click(40, 30)
  await page.keyboard.press('Enter')
  const seen = () => page.evaluate(() => globalThis.seen)
  expect(await seen()).toEqual(['svg button Delete false', 'button button Delete false'])
  await page.evaluate(() => {
    const outer = document.querySelector('x-outer')
    const inner = outer && globalThis.closedRoots.get(outer)?.querySelector('x-inner')
    const button = inner && globalThis.closedRoots.get(inner)?.querySelector('button')
    button?.click()
    button?.dispatchEvent(
      new MouseEvent('click', { bubbles: true, composed: true, clientX: 40, clientY: 30 }),
    )
  })
  expect((await seen()).slice(2)).toEqual(['x-outer x-outer  true', 'x-outer x-outer  true'])
  const d = await described(page, 'x-outer')
  expect(d.target.hints[0]).toBe('target-unknown')
  await page.mouse.click(40, 30)
  expect((await seen()).at(-1)).toBe('svg button Delete false')
  expect((await described(page, 'x-outer')).target.hints).not.toContain('target-unknown')
  await page.close()
})

test('the acting element is found from what lies under the pointer', async () => {
  const page = await open(`
    <style>.hand { cursor: pointer }</style>
    <button id="b1"><svg><use id="t1" href="#icon-trash"></use></svg></button>
    <label id="t2">Subscribe <input id="c2" type="checkbox"></label>
    <label for="c3"><b id="t3">Agree</b></label><input id="c3" type="radio">
    <div id="b4" onclick="x()"><p><i id="t4">x</i></p></div>
    <div id="b5" role="menuitem" tabindex="-1"><span id="t5" tabindex="0">Archive</span></div>
    <div id="b6" class="hand"><div><span id="t6">Row</span></div></div>
    <map name="m"><area id="b7" href="/area"></map>
    <svg><a id="b8" xlink:href="/old"><circle id="t8" r="4"></circle></a></svg>
    <main tabindex="-1"><div role="dialog" tabindex="-1"><p id="none">Text</p></div></main>
    <select id="s"><option id="b9">One</option></select>
    <div contenteditable id="b10"><p id="t10">Dear Ana</p></div>
    <label id="lone">No control</label>
    <div id="b12" data-action="x#y"><em id="t12">go</em></div>
    <x-slotted><span id="t13">Send</span></x-slotted>`)
  await page.evaluate(() => {
    const root = document.querySelector('x-slotted')?.attachShadow({ mode: 'closed' })
    if (root) root.innerHTML = '<button id="b13"><slot></slot></button>'
  })
  const acting = (selector: string) =>
    page.evaluate((css) => {
      const element = document.querySelector(css)
      return (element && globalThis.holdpoint.actionable(element)?.id) ?? null
    }, selector)
  expect(await acting('#t1')).toBe('b1')
  expect(await acting('#t2')).toBe('c2')
  expect(await acting('#t3')).toBe('c3')
  expect(await acting('#t4')).toBe('b4')
  expect(await acting('#t5')).toBe('b5')
  expect(await acting('#t6')).toBe('b6')
  expect(await acting('#b7')).toBe('b7')
  expect(await acting('#t8')).toBe('b8')
  expect(await acting('#b9')).toBe('b9')
  expect(await acting('#t10')).toBe('b10')
  expect(await acting('#t12')).toBe('b12')
  expect(await acting('#t13')).toBe('b13')
  expect(await acting('#none')).toBeNull()
  expect(await acting('#lone')).toBeNull()
  await page.close()
})

test('a composer without a form is described with its body and its addressees', async () => {
  const page = await open(`
    <div role="dialog" aria-label="New message">
      <div aria-label="To" role="listbox">
        <div role="option" data-hovercard-id="ana@example.com">Ana</div>
        <div role="option">Bea Costa</div></div>
      <input aria-label="Cc" value="Carl &lt;Carl@Example.org&gt;, dora@example.net">
      <input aria-label="Subject" value="Refund of $340.00">
      <div contenteditable="true" aria-label="Body" role="textbox"><p>Dear Ana,</p><p>all done.</p></div>
      <div role="button" tabindex="0">Send</div>
    </div>`)
  const d = await described(page, '[role=button]')
  expect(d.form?.method).toBe('script')
  expect(d.form?.fields.map((f) => [f.label, f.type, f.value])).toEqual([
    ['Cc', 'text', 'Carl <Carl@Example.org>, dora@example.net'],
    ['Subject', 'text', 'Refund of $340.00'],
    ['Body', 'contenteditable', 'Dear Ana, all done.'],
  ])
  expect(d.terms.recipients).toEqual([
    'carl@example.org',
    'dora@example.net',
    'ana@example.com',
    'Bea Costa',
  ])
  expect(d.dialog?.name).toBe('New message')
  const key = await described(page, '[contenteditable]', { gesture: 'key', key: 'Control+Enter' })
  expect(key.key).toBe('Control+Enter')
  expect(key.form?.fields.at(-1)?.value).toBe('Dear Ana, all done.')
  await page.close()
})

test('what stands around a lone button counts: its fields, and the total above it', async () => {
  const page = await open(`
    <section><p>Order <span>total</span>: <span>$</span><span>98</span><sup>.50</sup></p><div><button id="buy">Buy now</button></div></section>
    <section><label>Refund amount <span>€</span><input name="refund_amount" inputmode="decimal" value="1,250.00"></label>
      <button id="refund">Refund</button></section>
    <div><input aria-label="To" value="ana@example.com">
      <div><div contenteditable aria-label="Body">Hello</div><ul><li><button id="send">Send</button></li></ul></div></div>
    <form method="post"><input type="email" name="email" value="me@example.com"><input type="password" name="p"><button id="in">Log in</button></form>
    <form method="post" action="/post"><input name="a" value="1"><a id="js" href="javascript:__doPostBack()">Save</a><a id="go" href="/elsewhere">Home</a></form>
    <form role="search"><input name="q"><button id="find">Go</button></form>`)
  expect((await described(page, '#buy')).terms.amounts).toEqual([
    { currency: 'USD', minor: 9850, text: '$98.50' },
  ])
  expect((await described(page, '#refund')).terms.amounts).toEqual([
    { currency: 'EUR', minor: 125000, text: '1,250.00 EUR' },
  ])
  const send = await described(page, '#send')
  expect(send.form?.fields.map((f) => [f.label, f.value])).toEqual([
    ['To', 'ana@example.com'],
    ['Body', 'Hello'],
  ])
  expect(send.terms.recipients).toEqual(['ana@example.com'])
  const login = await described(page, '#in')
  expect([login.form?.purpose, login.terms.recipients]).toEqual(['login', []])
  expect((await described(page, '#find')).form?.purpose).toBe('search')
  expect((await described(page, '#js')).form?.action).toBe('https://app.example/post')
  expect((await described(page, '#go')).form).toBeUndefined()
  await page.close()
})
