import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keyOf } from '#companion/gateway/keys.ts'

describe('what a key can do', () => {
  it.each([
    ['Enter', { key: 'Enter' }, 'act', 'Enter'],
    ['Enter of the number pad', { code: 'NumpadEnter' }, 'act', 'Enter'],
    ['a letter whose text is a return', { key: 'a', code: 'KeyA', text: '\r' }, 'act', 'Enter'],
    ['a letter with the code of Enter', { key: 'a', windowsVirtualKeyCode: 13 }, 'act', 'Enter'],
    ['Enter with Control', { key: 'Enter', modifiers: 2 }, 'act', 'Control+Enter'],
    ['a shortcut', { key: 's', modifiers: 4 }, 'act', 'Meta+s'],
    ['a letter', { key: 'a', text: 'a' }, 'type', 'a'],
    ['a capital', { key: 'A', text: 'A', modifiers: 8 }, 'type', 'Shift+A'],
    ['a space', { key: ' ', text: ' ' }, 'type', 'Space'],
    ['Delete', { key: 'Delete' }, 'type', 'Delete'],
    ['Backspace by its code alone', { windowsVirtualKeyCode: 8 }, 'type', 'Backspace'],
    ['Tab', { key: 'Tab' }, 'pass', 'Tab'],
    ['an arrow', { key: 'ArrowDown', code: 'ArrowDown' }, 'pass', 'ArrowDown'],
    ['a modifier on its own', { key: 'Control', modifiers: 2 }, 'pass', 'Control+Control'],
    ['an arrow that types', { key: 'ArrowDown', text: 'x' }, 'type', 'ArrowDown'],
    ['a key without a name', { windowsVirtualKeyCode: 65 }, 'act', ''],
    ['a key of the browser', { key: 'BrowserBack' }, 'act', 'BrowserBack'],
  ])('%s', (_, params, does, name) => {
    expect(keyOf(params)).toEqual({ does, name })
  })

  it('never lets anything pass that has the name, code or text of Enter', () => {
    const enter = fc.constantFrom(
      { key: 'Enter' },
      { code: 'Enter' },
      { windowsVirtualKeyCode: 13 },
      { text: '\r' },
      { unmodifiedText: '\n' },
    )
    const any = fc.record({ key: fc.string(), modifiers: fc.nat(15) }, { requiredKeys: [] })
    fc.assert(fc.property(any, enter, (other, one) => keyOf({ ...other, ...one }).does === 'act'))
  })
})
