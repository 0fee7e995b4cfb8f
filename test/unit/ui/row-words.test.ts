import { describe, expect, it } from 'vitest'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import { rowWords } from '#shared/ui/row-words.ts'

function ask(row: string | undefined, name: string, labels: string[] = []): Descriptor {
  const field = (label: string) => ({ label, name: '', type: 'text', value: 'x', secret: false })
  return {
    door: 'extension',
    provenance: 'unknown',
    gesture: 'click',
    page: { url: 'https://a.example/', title: '', top: true },
    target: { role: 'button', name, tag: 'button', path: '', hints: [], ...(row ? { row } : {}) },
    ...(labels.length > 0
      ? { form: { method: 'post', action: 'https://a.example/', fields: labels.map(field) } }
      : {}),
    terms: { amounts: [], recipients: [], rows: null },
  }
}

describe('the words of a row', () => {
  it('are what stands beside the control', () => {
    expect(rowWords(ask('Ada Lovelace Delete', 'Delete'))).toBe('Ada Lovelace')
  })

  it('are empty where there is no row', () => {
    expect(rowWords(ask(undefined, 'Delete'))).toBe('')
  })

  it('are empty where the row is the form itself', () => {
    expect(rowWords(ask('Title Due Save changes', 'Save changes', ['Title', 'Due']))).toBe('')
  })

  it('are kept in a table that is one large form: they tell which record is meant', () => {
    const labels = ['Select Ada', 'Select Grace']
    expect(rowWords(ask('Ada Lovelace Delete', 'Delete', labels))).toBe('Ada Lovelace')
  })
})
