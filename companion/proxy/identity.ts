import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  X509Certificate,
} from 'node:crypto'
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { selfSigned } from './certificate.ts'

const YEARS = 10

let opening: Promise<unknown> = Promise.resolve()

/** Who the proxy is towards its browser. One key per installation stands for every host: the browser
 * is told the key's hash by `--ignore-certificate-errors-spki-list` and takes it for any name, so no
 * authority is made that could sign for anybody, and nothing is added to the system's trust store. */
export interface Identity {
  /** Base64 SHA-256 of the key's SubjectPublicKeyInfo. */
  spki: string
  trusted: Pair
  /** A certificate that the browser does not trust, for a server that we do not trust: the person gets
   * the browser's own warning. The reason stands in the certificate. */
  distrusted(host: string, reason: string): Pair
}

/** A key and its certificate, as PEM. */
export interface Pair {
  key: string
  cert: string
}

/** Reads the key and the certificate from `folder`, or makes them; only their owner may read them. A
 * broken or expired pair is replaced: the browser learns the new hash at its next start. */
export async function openIdentity(folder: string): Promise<Identity> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await chmod(folder, 0o700)
  const paths = { key: join(folder, 'proxy.key'), cert: join(folder, 'proxy.crt') }
  // One after the other: two proxies that start at once must not each make a pair.
  const opened = opening.then(async () => (await stored(paths)) ?? (await created(paths)))
  opening = opened.catch(() => undefined) // the one who asked for it is told
  const pair = await opened
  // Never stored and never announced: nothing can come to trust it.
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    spki: spkiOf(createPublicKey(pair.key)),
    trusted: pair,
    distrusted: (host, reason) => ({
      key: pem(stranger.privateKey),
      cert: selfSigned(
        stranger,
        { name: host, organization: `Holdpoint: ${reason}` },
        validFrom(Date.now()),
      ),
    }),
  }
}

export function spkiOf(key: KeyObject): string {
  const spki = key.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('base64')
}

async function stored(paths: Pair): Promise<Pair | null> {
  try {
    const [key, cert] = await Promise.all([
      readFile(paths.key, 'utf8'),
      readFile(paths.cert, 'utf8'),
    ])
    await chmod(paths.key, 0o600)
    const certificate = new X509Certificate(cert)
    const lasts = Date.parse(certificate.validTo) > Date.now() + 24 * 3_600_000
    return lasts && certificate.checkPrivateKey(createPrivateKey(key)) ? { key, cert } : null
  } catch {
    return null // the first start, or files that no longer are what we wrote: made anew
  }
}

async function created(paths: Pair): Promise<Pair> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const subject = { name: 'Holdpoint proxy of this installation', organization: 'Holdpoint' }
  const made = { key: pem(pair.privateKey), cert: selfSigned(pair, subject, validFrom(Date.now())) }
  await written(paths.key, made.key)
  await written(paths.cert, made.cert)
  return made
}

/** Renamed into place, so that a crash leaves no half of a key. */
async function written(path: string, text: string): Promise<void> {
  const fresh = `${path}.${process.pid}`
  await writeFile(fresh, text, { mode: 0o600 })
  await rename(fresh, path)
}

/** From a day ago: the browser's clock may be behind. */
function validFrom(now: number): { from: Date; until: Date } {
  const until = new Date(now)
  until.setUTCFullYear(until.getUTCFullYear() + YEARS)
  return { from: new Date(now - 24 * 3_600_000), until }
}

function pem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString()
}
