import { address } from './address.ts'
import { hint } from './did-you-mean.ts'
import { plainText } from './text-glob.ts'

/** What a text of the policy may ask of an action, besides `{field.LABEL}`. */
export const TEMPLATE_NAMES = [
  'page.host',
  'page.url',
  'run.id',
  'run.agent',
  'target.name',
  'target.row',
  'recipient',
] as const
const FIELD = 'field.'
const SLOT = /\{([^{}]*)\}/g

/** What a text is used as: any text, an address that is asked for facts, or one that is opened. */
export type TemplateUse = 'value' | 'lookup' | 'page'

/** What is wrong with a text of the policy; null where nothing is. */
export function templateWrong(text: string, use: TemplateUse): string | null {
  for (const [, name = ''] of text.matchAll(SLOT)) {
    const known =
      TEMPLATE_NAMES.some((one) => one === name) ||
      (name.startsWith(FIELD) && plainText(name.slice(6)) !== '')
    if (!known) return unknownName(name)
  }
  const open = /\{[^}]*$/.exec(text)
  if (open) return `\`${open[0].slice(0, 40)}\` is never closed`
  return use === 'value' ? null : addressWrong(text, use)
}

function unknownName(name: string): string {
  const names = TEMPLATE_NAMES.map((one) => `{${one}}`).join(', ')
  return `unknown name \`{${name}}\`${hint(name, TEMPLATE_NAMES) || `; expected one of ${names}, {field.LABEL}`}`
}

function addressWrong(text: string, use: 'lookup' | 'page'): string | null {
  if (use === 'page' && (/^\{page\.url\}/.test(text) || /^\/(?![/\\])/.test(text))) return null
  const [, scheme = '', host = ''] = /^(https?):\/\/([^/?#\\]*)/i.exec(text) ?? []
  if (host === '')
    return `\`${text.slice(0, 60)}\` is no address; write one as in \`https://crm.example.com/api\``
  if (use === 'page' && host === '{page.host}') return null
  if (host.includes('{'))
    return 'the host of an address is written out; only what follows it may hold `{...}`'
  if (host.includes('@')) return 'an address has no user name or password in it'
  const to = address(`${scheme}://${host}`)
  if (to.kind !== 'web') return `\`${host}\` is no host; write \`https://crm.example.com\``
  if (use === 'page' || to.scheme === 'https' || isLoopback(to.host)) return null
  return `facts are asked over https, or from this machine; write \`https://${host}\``
}

/** This machine, by names that nothing else can take. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host)
}
