/** One part of a `multipart/form-data` body (RFC 7578). */
export interface Part {
  name: string
  /** Set where the part is a file; its content is then not read. */
  file: string | null
  value: string
}

/** The parts of a body, null where it is not what its type says. */
export function multipartParts(body: Buffer, boundary: string): Part[] | null {
  const text = body.toString('latin1')
  const pieces = text.split(`--${boundary}`)
  if (pieces.length < 2 || !/^--\s*$/.test(pieces.at(-1) ?? '')) return null
  return pieces.slice(1, -1).map((piece) => {
    const end = piece.indexOf('\r\n\r\n')
    const head = utf8(end < 0 ? piece : piece.slice(0, end))
    const value = end < 0 ? '' : utf8(piece.slice(end + 4).replace(/\r\n$/, ''))
    const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? ''
    const file = quoted(disposition, 'filename')
    return { name: quoted(disposition, 'name') ?? '', file, value: file === null ? value : '' }
  })
}

/** The boundary that a content type names. */
export function boundaryOf(contentType: string): string | null {
  const [, inQuotes, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? []
  return inQuotes ?? bare ?? null
}

function quoted(disposition: string, key: string): string | null {
  const found = new RegExp(`;\\s*${key}="((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(disposition)?.[1]
  return found === undefined ? null : found.replace(/%22/g, '"').replace(/%0D%0A/gi, ' ')
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8')
}
