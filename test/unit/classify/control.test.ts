import { describe } from 'vitest'
import { each } from './cases.ts'
import { button } from './descriptor.ts'

describe('structure of the control', () => {
  each([
    [
      'a button that opens a menu is read',
      button('Delete', { target: { haspopup: 'menu' } }),
      'read',
    ],
    ['an expander is read', button('Send options', { target: { expanded: false } }), 'read'],
    ['a tab is read', button('Delete', { target: { role: 'tab' } }), 'read'],
    [
      'a checkbox is read',
      button('Delete files', { target: { role: 'checkbox', tag: 'input', type: 'checkbox' } }),
      'read',
    ],
    [
      'a switch is held',
      button('Dark mode', { target: { role: 'switch' } }),
      'update other reversible',
    ],
    [
      'a text field is read',
      button('Send to', {
        target: { role: 'textbox', tag: 'input', type: 'text', editable: true },
      }),
      'read',
    ],
    [
      'a cell with a sentence is read',
      button('Please send the report and delete the draft', {
        target: { role: 'gridcell', tag: 'div' },
      }),
      'read',
    ],
    [
      'a target that the page hides is held',
      button('Close', { target: { hints: ['target-unknown'] } }),
      'update other unknown',
    ],
    ['a drop on a board is held', button('Done', { gesture: 'drop' }), 'update other unknown'],
  ])
})

describe('an icon', () => {
  const hint = (...hints: string[]) => button('', { target: { hints } })
  each([
    ['called trash deletes', hint('btn', 'icon-trash'), 'delete deletion irreversible'],
    [
      'called paper plane sends',
      hint('fa-solid', 'fa-paper-plane'),
      'send communication irreversible',
    ],
    ['with a handler deletes', hint('onclick: deleteRow(5)'), 'delete deletion irreversible'],
    ['in pictures deletes', button('🗑️'), 'delete deletion irreversible'],
    ['called search is read', hint('icon-search'), 'read'],
    ['without a name is read', hint('order-2', 'block'), 'read'],
    [
      'next to words is not believed',
      button('Overview', { target: { hints: ['icon-trash'] } }),
      'read',
    ],
    [
      'marked as dangerous is held',
      button('Brzzt', { target: { hints: ['btn-danger'] } }),
      'update other unknown',
    ],
    [
      'marked as dangerous does not change Cancel',
      button('Cancel', { target: { hints: ['btn-danger'] } }),
      'read',
    ],
  ])
})
