import { type KeyObject, randomBytes, sign } from 'node:crypto'

/** A self-signed X.509 certificate (RFC 5280) for a P-256 key, as PEM. It is no authority
 * (`CA:FALSE`), so nothing but the key itself can ever be trusted because of it. DER is only written
 * here, never read. `name` and `organization` are what a person sees in a certificate viewer. */
export function selfSigned(
  key: { publicKey: KeyObject; privateKey: KeyObject },
  subject: { name: string; organization: string },
  validity: { from: Date; until: Date },
): string {
  const name = sequence(
    attribute('2.5.4.10', subject.organization),
    attribute('2.5.4.3', subject.name),
  )
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), // version 3
    // A serial number is positive: the first bit must not be set.
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    name,
    sequence(time(validity.from), time(validity.until)),
    name,
    key.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(notAnAuthority)),
  )
  const signature = sign('sha256', toBeSigned, key.privateKey)
  const whole = sequence(toBeSigned, ecdsaWithSha256, bits(signature)).toString('base64')
  const lines = whole.match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))

/** Basic constraints, critical, with the default of "no authority". */
const notAnAuthority = sequence(
  oid('2.5.29.19'),
  der(0x01, Buffer.from([0xff])),
  der(0x04, sequence()),
)

function attribute(type: string, value: string): Buffer {
  // The upper bound of both attributes is 64 characters.
  const text = der(0x0c, Buffer.from([...value].slice(0, 64).join(''), 'utf8'))
  return der(0x31, sequence(oid(type), text))
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts))
}

function bits(value: Buffer): Buffer {
  return der(0x03, Buffer.concat([Buffer.from([0]), value]))
}

/** UTCTime up to 2049, GeneralizedTime after it, as RFC 5280 wants. */
function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\..*/g, '')
  const late = date.getUTCFullYear() >= 2050
  return der(late ? 0x18 : 0x17, Buffer.from(`${late ? digits : digits.slice(2)}Z`, 'ascii'))
}

function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = [first * 40 + second]
  for (const part of rest) {
    const groups = [part & 0x7f]
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
    bytes.push(...groups)
  }
  return der(0x06, Buffer.from(bytes))
}

function der(tag: number, content: Buffer): Buffer {
  const size = content.length
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}
