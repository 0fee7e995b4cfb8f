import { describe, expect, it } from 'vitest'
import { latinised, normalise } from '#shared/classify/normalise.ts'

describe('normalise', () => {
  it.each([
    ['Delete', 'delete'],
    ['ＤＥＬＥＴＥ', 'delete'],
    ['𝐃𝐞𝐥𝐞𝐭𝐞', 'delete'],
    ['De\u200bl\u2060e\u00adte', 'delete'],
    ['\u202aDelete\u202c', 'delete'],
    ['Dele\u0331te', 'delete'],
    ['ᴅᴇʟᴇᴛᴇ', 'delete'],
    ['İPTAL SİL', 'iptal sil'],
    ['sıfırla', 'sifirla'],
    ['Löschen', 'loschen'],
    ['Wyślij', 'wyslij'],
    ['Ещё', 'еще'],
    ['حَذْفٌ', 'حذف'],
    ['الإلغاء', 'الالغاء'],
    ['ﾀﾞｳﾝﾛｰﾄﾞ', 'ダウンロード'],
    ['삭제', '삭제'],
  ])('%s is read as %s', (text, read) => {
    expect(normalise(text)).toBe(read)
  })

  it('a word written only in look-alike letters is read as Latin, a real one is left alone', () => {
    expect(latinised('рау', false)).toBe('pay')
    expect(latinised('удалить', false)).toBe('удалить')
  })
})
