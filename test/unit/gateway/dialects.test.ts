import { describe, expect, it } from 'vitest'
import type { ClientFamily } from '#companion/gateway/agent.ts'
import type { Params } from '#companion/gateway/cdp.ts'
import { dialectOf } from '#companion/gateway/dialects/index.ts'
import { commandOf, recordedAgent, recordedTarget } from './recorded-agent.ts'

const denied = { kind: 'denied', text: 'Holdpoint denied this action' } as const
const families: readonly ClientFamily[] = [
  'playwright',
  'playwright-mcp',
  'puppeteer',
  'chrome-devtools-mcp',
  'selenium',
  'stagehand',
  'other',
]

describe.each(families)('the dialect of %s', (family) => {
  const page = recordedTarget('page')

  it('fails a refused press with the text', () => {
    const agent = recordedAgent(family)
    const press = commandOf(agent, page, 'Input.dispatchMouseEvent', { type: 'mousePressed' })
    dialectOf(agent).refuse(press, denied)
    expect(agent.sent).toContainEqual({ fail: press.id, message: denied.text })
  })

  it.each([
    ['Input.dispatchMouseEvent', { type: 'mousePressed' }],
    ['Input.dispatchMouseEvent', { type: 'mouseReleased' }],
    ['Input.dispatchKeyEvent', { type: 'keyDown' }],
    ['Input.dispatchKeyEvent', { type: 'char' }],
    ['Input.dispatchKeyEvent', { type: 'keyUp' }],
    ['Input.insertText', { text: 'x' }],
    ['Input.dispatchTouchEvent', { type: 'touchStart' }],
    ['Input.dispatchTouchEvent', { type: 'touchEnd' }],
    ['Input.dispatchDragEvent', { type: 'drop' }],
    ['DOM.setFileInputFiles', {}],
    ['Page.handleJavaScriptDialog', { accept: true }],
  ])('settles a refused %s %o exactly once', (method, params) => {
    const agent = recordedAgent(family)
    const command = commandOf(agent, page, method, params)
    dialectOf(agent).refuse(command, denied)
    const settled = agent.sent.filter((sent) => 'answer' in sent || 'fail' in sent)
    expect(settled).toHaveLength(1)
  })

  it('settles a refused command of the browser itself', () => {
    const agent = recordedAgent(family)
    const command = commandOf(agent, null, 'Browser.grantPermissions')
    dialectOf(agent).refuse(command, denied)
    expect(agent.sent).toEqual([{ fail: command.id, message: denied.text }])
  })

  it('leaves commands alone while nothing was refused', () => {
    const agent = recordedAgent(family)
    for (const method of ['Runtime.callFunctionOn', 'Page.handleJavaScriptDialog', 'Page.enable'])
      expect(dialectOf(agent).intercept(commandOf(agent, page, method))).toBe(false)
    expect(agent.sent).toEqual([])
  })

  it('is one for each connection', () => {
    const agent = recordedAgent(family)
    expect(dialectOf(agent).client()).toBe(family)
    expect(dialectOf(agent)).toBe(dialectOf(agent))
    expect(dialectOf(agent)).not.toBe(dialectOf(recordedAgent(family)))
  })
})

describe.each(families)('a release for %s', (family) => {
  const page = recordedTarget('page')
  const told = family.startsWith('playwright') || /puppeteer|chrome-devtools/.test(family)
  const parts: [string, Params, Params][] = [
    [
      'Input.dispatchMouseEvent',
      { type: 'mousePressed', button: 'left' },
      { type: 'mouseReleased', button: 'left' },
    ],
    ['Input.dispatchTouchEvent', { type: 'touchStart' }, { type: 'touchEnd' }],
    [
      'Input.dispatchKeyEvent',
      { type: 'keyDown', code: 'Enter' },
      { type: 'keyUp', code: 'Enter' },
    ],
  ]

  it.each(parts)(
    'after a refused first part is answered as its client needs it: %s',
    (method, first, last) => {
      const agent = recordedAgent(family)
      dialectOf(agent).refuse(commandOf(agent, page, method, first), denied)
      const release = commandOf(agent, page, method, last)
      dialectOf(agent).refuse(release, denied)
      // chromedriver looks at no other answer; to Playwright and Puppeteer an error would leave it pressed.
      const answered = told
        ? { answer: release.id, result: {} }
        : { fail: release.id, message: denied.text }
      expect(agent.sent.at(-1)).toEqual(answered)
    },
  )

  it.each(parts)(
    'that is refused by itself is never answered as done: %s',
    (method, _first, last) => {
      const agent = recordedAgent(family)
      const release = commandOf(agent, page, method, last)
      dialectOf(agent).refuse(release, denied)
      expect(agent.sent).toContainEqual({ fail: release.id, message: denied.text })
    },
  )
})
