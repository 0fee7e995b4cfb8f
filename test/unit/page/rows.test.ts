import { describe, expect, it } from 'vitest'
import { rowsIn } from '#shared/page/rows.ts'

describe('rowsIn', () => {
  it.each([
    ['Delete 3 contacts', 3],
    ['Löschen (3)', 3],
    ['3 ausgewählt', 3],
    ['3 Kontakte löschen', 3],
    ['已选择 3 项', 3],
    ['删除 12 封邮件', 12],
    ['3件を削除', 3],
    ['연락처 3개 삭제', 3],
    ['Excluir 4 mensagens', 4],
    ['Delete 1,234 messages', 1234],
    ['1.234 Nachrichten löschen', 1234],
    ['25 of 340 conversations selected', 340],
    ['Selected: 7', 7],
    ['Выбрано: 5', 5],
    ['Archive 2 selected items', 2],
    ['Remove 3 items from the list', 3],
  ])('reads %s as %i', (text, rows) => {
    expect(rowsIn(text)).toBe(rows)
  })

  it.each([
    'Delete',
    'Step 3',
    'Invoice #12345',
    'Wait 3 days',
    'Pay $20 now',
    '50 % off',
    'Version 2.1 notes',
    'In 5 minutes',
    'Q3',
    '12:30 meeting',
    '2 GB free',
  ])('reads no count from %s', (text) => {
    expect(rowsIn(text)).toBeNull()
  })

  it('takes the largest count, never the smallest', () => {
    expect(rowsIn('Delete 2 folders and 300 files?')).toBe(300)
  })
})
