import { describe, expect, it } from 'vitest'
import { tokens } from '#shared/classify/tokens.ts'

const texts = (text: string) => tokens(text).map((token) => token.text)

describe('tokens', () => {
  it('splits words at everything that is no letter or digit', () => {
    expect(texts('Delete 3 contacts?')).toEqual(['delete', '3', 'contacts'])
    expect(texts("Don't send")).toEqual(['don', 't', 'send'])
  })

  it('starts a clause at a comma, a dash and a line break', () => {
    const clauses = tokens('No, delete\nit — now').map((token) => token.clause)
    expect(new Set(clauses).size).toBe(4)
  })

  it('gives every character of a script without spaces its own token', () => {
    expect(texts('PDFを削除')).toEqual(['pdf', 'を', '削', '除'])
  })

  it('knows a character that stands alone from one inside a run', () => {
    expect(tokens('예').map((token) => token.whole)).toEqual([true])
    expect(tokens('예약').map((token) => token.whole)).toEqual([false, false])
    expect(tokens('예 약').map((token) => token.whole)).toEqual([true, true])
  })

  it('joins letters that are set apart, and reads mixed look-alikes as Latin', () => {
    expect(texts('D e l e t e')).toEqual(['delete'])
    expect(texts('Dеlеte')).toEqual(['delete'])
  })

  it('takes the Arabic article off', () => {
    expect(texts('الرسالة')).toEqual(texts('رسالة'))
  })
})
