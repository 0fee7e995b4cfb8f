import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { selfSigned } from '#companion/proxy/certificate.ts'

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const validity = { from: new Date('2026-01-02T03:04:05Z'), until: new Date('2051-01-02T03:04:05Z') }

describe('a certificate', () => {
  it('is signed by its own key, names its subject and is no authority', () => {
    const subject = { name: 'localhost', organization: 'Holdpoint' }
    const certificate = new X509Certificate(selfSigned(pair, subject, validity))
    expect(certificate.verify(pair.publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(pair.privateKey)).toBe(true)
    expect(certificate.subject).toBe('O=Holdpoint\nCN=localhost')
    expect(certificate.issuer).toBe(certificate.subject)
    expect(certificate.ca).toBe(false)
    expect(new Date(certificate.validFrom)).toEqual(validity.from)
    expect(new Date(certificate.validTo)).toEqual(validity.until)
  })

  it('can be read whatever stands in its subject', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 })
    fc.assert(
      fc.property(text, text, (name, organization) => {
        const certificate = new X509Certificate(selfSigned(pair, { name, organization }, validity))
        expect(certificate.verify(pair.publicKey)).toBe(true)
      }),
      { numRuns: 100 },
    )
  })
})
