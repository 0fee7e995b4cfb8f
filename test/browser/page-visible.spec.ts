import { expect, test } from '@playwright/test'
import { described, open, withPageCode } from './page-code.ts'

withPageCode()

test('a control tells what is seen on it where that is not what it is called', async () => {
  const page = await open(`
    <button id="label" aria-label="Close">Delete</button>
    <button id="eyes" aria-label="Close"><span aria-hidden="true">Delete <b>all</b></span></button>
    <input id="input" type="submit" aria-label="Close" value="Delete">
    <button id="digits" aria-label="Like">34 likes</button>
    <button id="same">Delete</button>
    <button id="longer" aria-label="Delete message 3">Delete</button>
    <button id="case" aria-label="delete: message">DELETE</button>
    <button id="inside" aria-label="Deleted things">Delete</button>
    <button id="signs">Reply <span aria-hidden="true">(R) → 3</span></button>
    <button id="cross" aria-label="Close">×</button>
    <button id="gone" aria-label="Close"><i style="display:none">Delete</i></button>
    <button id="icon" aria-label="Close"><i style="font-family:'Material Symbols Outlined'">delete</i></button>
    <div id="card" role="button" aria-label="Open">${'Delete this '.repeat(9)}</div>
    <input id="value" aria-label="Search" value="Delete"><textarea id="area" aria-label="Note">Delete</textarea>
    <div id="editor" contenteditable aria-label="Note">Delete</div>`)
  const seen: Record<string, string | undefined> = {}
  for (const id of await page.locator('[id]').evaluateAll((all) => all.map((one) => one.id)))
    seen[id] = (await described(page, `#${id}`)).target.visible
  expect(seen).toEqual({
    ...{ label: 'Delete', eyes: 'Delete all', input: 'Delete', digits: '34 likes' },
    inside: 'Delete',
  })
  await page.close()
})

test('what is seen is read in bounded time, and no card number comes with it', async () => {
  const page = await open(`<button id="deep" aria-label="Close"></button>
    <button id="wide" aria-label="Close"></button>
    <button id="card" aria-label="Close">Pay by 4111 1111 1111 1111</button>`)
  await page.evaluate(() => {
    const deep = document.getElementById('deep')
    let at: Element | null = deep
    for (let i = 0; i < 400 && at; i++) at = at.appendChild(document.createElement('span'))
    at?.append('Delete')
    document.getElementById('wide')?.append('Delete'.repeat(1e6))
  })
  expect((await described(page, '#deep')).target.visible).toBeUndefined()
  const start = Date.now()
  expect((await described(page, '#wide')).target.visible).toBeUndefined()
  expect(Date.now() - start).toBeLessThan(1000)
  expect((await described(page, '#card')).target.visible).not.toContain('4111 1111 1111 1111')
  await page.close()
})
