import { expect, test } from '@playwright/test'
import { changes } from '#shared/protocol/binding.ts'
import { described, open, withPageCode } from './page-code.ts'

withPageCode()

const form = `<form method="post" action="/save">
  <input name="title" value="Call Ann">
  <input name="empty">
  <input type="hidden" name="csrf" value="t1">
  <input type="number" name="count" value="3">
  <input type="date" name="due" value="2026-01-31">
  <input type="color" name="color" value="#112233"><input type="range" name="range" value="40">
  <input type="checkbox" name="done"><input type="checkbox" name="urgent" checked>
  <input type="radio" name="size" value="s"><input type="radio" name="size" value="m" checked>
  <select name="status"><option disabled>Choose</option><option>Open</option><option>Done</option></select>
  <select name="owner"><option>Ann</option><option selected>Bob</option></select>
  <select name="tags" multiple><option selected>a</option><option>b</option></select>
  <select name="list" size="3"><option>x</option></select>
  <textarea name="note">
One
two</textarea>
  <input type="file" name="files" multiple>
  <button name="go" value="1">Save</button></form>`

/** Names of the fields, by what is known of them. */
async function fields(page: Parameters<typeof described>[0]) {
  const { form } = await described(page, 'button')
  const named = (changed: boolean | undefined) =>
    form?.fields.filter((field) => field.changed === changed).map(({ name }) => name)
  return { changed: named(true), same: named(false), unknown: named(undefined) }
}

test('a form that nobody has touched has no changed field', async () => {
  const page = await open(form)
  const { changed, unknown } = await fields(page)
  expect(changed).toEqual([])
  expect(unknown).toEqual([])
  await page.close()
})

test('what is typed, chosen and ticked is changed, and nothing else', async () => {
  const page = await open(form)
  const before = await described(page, 'button')
  await page.fill('[name=title]', 'Call Bob')
  await page.fill('[name=count]', '4')
  await page.check('[name=done]')
  await page.check('[name=size][value=s]')
  await page.selectOption('[name=status]', 'Done')
  await page.selectOption('[name=tags]', ['a', 'b'])
  await page.fill('[name=note]', 'One\ntwo\nthree')
  await page.setInputFiles('[name=files]', [
    { name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.alloc(700) },
    { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.alloc(40) },
  ])
  const touched = ['title', 'count', 'done', 'size', 'status', 'tags', 'note', 'files']
  expect((await fields(page)).changed).toEqual(touched)
  const after = await described(page, 'button')
  expect(before.terms.bytes).toBeUndefined()
  expect(after.terms.bytes).toBe(740)
  // Every change is told as a change of value, once.
  expect(changes(before, after).map(({ term }) => term)).toHaveLength(touched.length)
  await page.fill('[name=title]', 'Call Ann')
  expect((await fields(page)).changed).not.toContain('title')
  await page.close()
})

test('a default that is moved along does not hide a change', async () => {
  const page = await open(form)
  await page.evaluate(() => {
    const one = (name: string) => document.querySelector(`[name=${name}]`)
    one('title')?.setAttribute('value', 'Call Eve')
    one('csrf')?.setAttribute('value', 't2')
    one('done')?.setAttribute('checked', '')
    one('status')?.querySelector('option:last-child')?.setAttribute('selected', '')
  })
  expect((await fields(page)).changed).toEqual(['title', 'csrf', 'done', 'status'])
  await page.close()
})

test('named elements cannot pass a change off as none', async () => {
  const page = await open(`<form><input name="defaultValue"><input name="value" value="1">
    <input name="root"><button>Save</button></form>`)
  await page.fill('[name=value]', '500')
  expect((await fields(page)).changed).toEqual(['value'])
  await page.close()
})

test('a field in a shadow tree, and text in the page itself, are unknown', async () => {
  const page = await open(`<div id="host"></div><div role="dialog"><div contenteditable>Hi</div>
    <button>Send</button></div>`)
  expect((await fields(page)).unknown).toEqual([''])
  await page.evaluate(() => {
    const root = document.querySelector('#host')?.attachShadow({ mode: 'open' })
    if (root) root.innerHTML = '<form><input name="in" value="1"><button id="b">Go</button></form>'
  })
  const descriptor = await page.evaluate(() => {
    const button = document.querySelector('#host')?.shadowRoot?.querySelector('button')
    return button
      ? globalThis.holdpoint.describe(button, { gesture: 'click', provenance: 'agent' })
      : null
  })
  expect(JSON.stringify(descriptor)).toContain('"name":"in"')
  expect(JSON.stringify(descriptor)).not.toContain('"changed"')
  await page.close()
})
