import { createPublicKey, X509Certificate } from 'node:crypto'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openIdentity, spkiOf } from '#companion/proxy/identity.ts'

describe('the identity of the proxy', () => {
  let folder: string
  const key = () => join(folder, 'proxy.key')

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'holdpoint-keys-')), 'proxy')
  })
  afterEach(() => rmSync(join(folder, '..'), { recursive: true, force: true }))

  it('is made once per installation and readable by its owner only', async () => {
    const first = await openIdentity(folder)
    const again = await openIdentity(folder)
    expect(again.spki).toBe(first.spki)
    expect(first.spki).toBe(spkiOf(createPublicKey(readFileSync(key()))))
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(key()).mode & 0o777).toBe(0o600)
    const other = await openIdentity(join(folder, 'other'))
    expect(other.spki).not.toBe(first.spki)
  })

  it('is one and the same for proxies that start at once', async () => {
    const opened = await Promise.all([1, 2, 3].map(() => openIdentity(folder)))
    expect(new Set(opened.map(({ spki }) => spki)).size).toBe(1)
    expect(opened[0]?.spki).toBe(spkiOf(createPublicKey(readFileSync(key()))))
  })

  it('closes files that were left open to others', async () => {
    await openIdentity(folder)
    chmodSync(key(), 0o644)
    chmodSync(folder, 0o755)
    await openIdentity(folder)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(key()).mode & 0o777).toBe(0o600)
  })

  it('is made anew where the key is broken or belongs to another certificate', async () => {
    const first = await openIdentity(folder)
    writeFileSync(key(), 'not a key')
    const second = await openIdentity(folder)
    expect(second.spki).not.toBe(first.spki)
    await openIdentity(join(folder, 'other'))
    writeFileSync(key(), readFileSync(join(folder, 'other', 'proxy.key')))
    const third = await openIdentity(folder)
    expect(third.spki).not.toBe(second.spki)
  })

  it('names the reason in a certificate that the browser does not trust', async () => {
    const identity = await openIdentity(folder)
    const pair = identity.distrusted('bank.example', 'CERT_HAS_EXPIRED')
    const certificate = new X509Certificate(pair.cert)
    expect(certificate.subject).toBe('O=Holdpoint: CERT_HAS_EXPIRED\nCN=bank.example')
    expect(spkiOf(certificate.publicKey)).not.toBe(identity.spki)
  })
})
