import { describe, expect, it } from 'vitest'
import { classify, isRead } from '#shared/classify/classify.ts'
import { bindings, changes } from '#shared/protocol/binding.ts'
import { button } from './descriptor.ts'

const named = (name: string, visible: string) => button(name, { target: { visible } })

describe('a control that shows something else than it is called', () => {
  it.each([
    ['Close', 'Delete', 'delete'],
    ['Delete', 'Close', 'delete'],
    ['Save', 'Pay', 'transact'],
    ['Pay', 'Save', 'transact'],
    ['', 'Delete', 'delete'],
    ['Close', 'Löschen', 'delete'],
    ['Close', 'Back', 'read'],
    ['Close', 'Support', 'read'],
  ])('called %j and showing %j is judged by the graver of the two', (name, visible, is) => {
    const d = named(name, visible)
    expect(classify(d).capability).toBe(is)
    expect(isRead(d)).toBe(is === 'read')
    expect(isRead(d, true)).toBe(is === 'read')
  })

  it('gives the reasons of both, the ones that count first, and none twice', () => {
    const says = classify(named('Close', 'Delete')).signals.map((signal) => signal.says)
    expect(says).toEqual([
      'the text on it says "delete"',
      'the label says "close", which changes nothing',
    ])
    expect(new Set(says).size).toBe(says.length)
  })

  it('is bound by what it shows: a text that moved is asked about again', () => {
    expect(bindings(named('Close', 'Delete')).get('shows')).toBe('Delete')
    expect(changes(named('Close', 'Hide'), named('Close', 'Delete'))).toEqual([
      { term: 'shows', before: 'Hide', after: 'Delete' },
    ])
    expect(changes(button('Close'), named('Close', 'Delete'))).toEqual([
      { term: 'shows', before: '', after: 'Delete' },
    ])
  })
})
