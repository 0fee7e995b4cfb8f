import { clip, collapse, listLimit } from './clip.ts'

/** The addressees in the value of an address field, or of a row of name chips: addresses in lower
 * case, names as written where no address stands with them. `Ana <ana@example.com>` is one address;
 * an address hidden in a display name is one too. */
export function recipientsIn(value: string): string[] {
  const found: string[] = []
  for (const part of value.slice(0, 200_000).split(/[,;\n\t]+/)) {
    const addresses = part.match(ADDRESS)
    if (addresses)
      found.push(...addresses.map((one) => one.replace(/[.>)\]'"]+$/, '').toLowerCase()))
    else if (/[\p{L}\p{N}]/u.test(part)) found.push(collapse(part))
  }
  return found
}

/** E-mail addresses in running text, in lower case. */
export function addressesIn(text: string): string[] {
  return (text.match(ADDRESS) ?? []).map((one) => one.replace(/[.>)\]'"]+$/, '').toLowerCase())
}

/** Who a link of scheme `mailto`, `sms` or `tel` goes to (RFC 6068, RFC 5724, RFC 3966). */
export function linkRecipients(href: string): string[] {
  const match = /^(mailto|sms|smsto|tel):([^?#]*)(?:\?([^#]*))?/i.exec(href)
  if (!match) return []
  const [, , to = '', query = ''] = match
  const copies = Array.from(new URLSearchParams(query)).filter(([key]) =>
    /^(?:to|cc|bcc)$/i.test(key),
  )
  return [unescaped(to), ...copies.map(([, value]) => value)].flatMap((part) => recipientsIn(part))
}

/** Whether a control says who a message goes to. The name or label must say so as a word of its own;
 * a lone e-mail field does too, unless it asks for the user's own address. */
export function isAddressField(field: {
  name: string
  label: string
  type: string
  many: boolean
}): boolean {
  if (field.type === 'email' && field.many) return true
  const [name, label] = [words(field.name), words(field.label)]
  if (OWN_ADDRESS.test(label) || OWN_ADDRESS.test(name)) return false
  return field.type === 'email' || ADDRESS_NAME.test(name) || ADDRESS_LABEL.test(label)
}

/** A label such as "To", "An", "宛先" on its own: what stands beside it are addressees. */
export function isAddressLabel(label: string): boolean {
  return ADDRESS_LABEL.test(words(label))
}

/** Recipients as a list of the protocol: each once, and where it had to be cut with a last entry that
 * matches no allow-list. */
export function recipientList(all: readonly string[]): string[] {
  const list = Array.from(new Set(all.map((one) => clip(one)).filter(Boolean)))
  if (list.length <= listLimit) return list
  return [...list.slice(0, listLimit - 1), `${list.length - listLimit + 1} more recipients`]
}

const ADDRESS = /[^\s<>,;:"()[\]]+@[^\s<>,;:"()[\]]+/g

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Malformed escapes: read as written.
    return text
  }
}

function words(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .replace(/[\s_.\-[\]:*]+/g, ' ')
    .trim()
    .toLowerCase()
}

const OWN_ADDRESS =
  /\b(?:your|my|from|sender|reply to|login|user ?name|ihre|deine|votre|seu|su|tuo|account|billing|newsletter)\b|\bconfirm/

const ADDRESS_NAME =
  /^(?:composers? )?(?:to|cc|bcc|recipients?|to (?:recipients?|address(?:es)?|emails?)|(?:cc|bcc) (?:recipients?|address(?:es)?|emails?)|addressees?|invitees?|attendees?|guests?|participants?|send to|sendto|mail to|mailto|emails?(?: address(?:es)?)?|phone ?numbers?|destinatarios?|empf[aä]nger)$/

/** `To` in the languages that the classifier reads, with Cc, Bcc and the word for recipient. */
const ADDRESS_LABEL =
  /^(?:to|an|para|à|a|aan|naar|do|alıcı|kime|кому|宛先|收件人|받는 ?사람|수신자?|إلى|c ?c|cci|b ?c ?c|cco|ccn|kopie|blind ?kopie|kopia|copie|копия|抄送|密送|참조|숨은 ?참조|نسخة|send to|(?:to |add |invite )?(?:recipients?|people|guests?|attendees?|invitees?|members?)|empfänger|destinat[aá]rios?|destinataires?|destinatari|ontvangers?|odbiorcy?|adresat|получател[ья]|受信者|e-?mail address(?:es)?)(?: recipients?)?$/
