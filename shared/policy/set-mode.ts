import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap, YAMLSeq } from 'yaml'
import type { Mode } from '#shared/protocol/words.ts'
import { address } from './address.ts'
import { load } from './load.ts'
import { mostCautious } from './mode.ts'
import type { Policy } from './policy.ts'
import type { Problem } from './problem.ts'
import { urlGlob } from './url-glob.ts'

/** Edits the text of a policy so that a site, or with null the whole policy, is in a mode; comments
 * stay. `site` is a URL pattern, or an origin for all of a site. A trial's `until` goes with the
 * mode it belonged to. Where the edited text would not have that effect, nothing changes and the
 * problem says why. */
export function setMode(
  text: string,
  site: string | null,
  mode: Mode,
): { ok: true; text: string } | { ok: false; problems: Problem[] } {
  const before = load(text)
  if (!before.ok) return before
  const document = parseDocument(text, { version: '1.2', schema: 'core' })
  let edit: Edit
  if (site === null) edit = globalEdit(document, mode)
  else {
    const pattern = /^https?:\/\/[^/?#*]+\/?$/.test(site) ? `${site.replace(/\/$/, '')}/**` : site
    const glob = urlGlob(pattern)
    if (typeof glob === 'string') return refused('bad-url', glob)
    const stronger = overruled(before.policy, pattern, mode)
    if (stronger) return refused('overruled', stronger)
    edit = siteEdit(document, pattern, mode)
  }
  const edited =
    edit === null
      ? document.toString({ lineWidth: 0 })
      : text.slice(0, edit.from) + edit.text + text.slice(edit.to)
  const after = load(edited)
  return after.ok ? { ok: true, text: edited } : after
}

/** A place in the text to replace, so that everything else stays as it was typed; null where the
 * document itself was changed and has to be written anew. */
type Edit = { readonly from: number; readonly to: number; readonly text: string } | null

function replaced(node: unknown, text: string): Edit {
  if (!isScalar(node) || !node.range) return null
  return { from: node.range[0], to: node.range[1], text }
}

function globalEdit(document: Document, mode: Mode): Edit {
  const edit = replaced(document.get('mode', true), mode)
  if (edit === null) document.set('mode', mode)
  return edit
}

function refused(code: string, message: string): { ok: false; problems: Problem[] } {
  return { ok: false, problems: [{ code, message, line: 1, column: 1 }] }
}

/** Another entry that covers the same pages with a mode under which less executes. */
function overruled(policy: Policy, pattern: string, mode: Mode): string | null {
  const example = address(pattern.replaceAll('**', 'x').replaceAll('*', 'x'))
  for (const { glob, mode: other } of policy.sites ?? []) {
    if (other === null || other === mode || glob.text === pattern) continue
    if (glob.strict(example) && mostCautious([other, mode]) === other)
      return `\`${glob.text}\` is in mode ${other} and covers \`${pattern}\`; change that entry first`
  }
  return null
}

function siteEdit(document: Document, pattern: string, mode: Mode): Edit {
  const sites = document.get('sites')
  if (!isSeq(sites)) {
    addSites(document, pattern, mode)
    return null
  }
  const item = sites.items.find((each) => urlOf(each) === pattern)
  if (isMap(item)) return entryEdit(item, mode)
  if (isScalar(item)) return replaced(item, `{ url: ${JSON.stringify(pattern)}, mode: ${mode} }`)
  sites.items.push(document.createNode({ url: pattern, mode }, { flow: true }))
  return null
}

function entryEdit(entry: YAMLMap, mode: Mode): Edit {
  const edit = entry.has('until') ? null : replaced(entry.get('mode', true), mode)
  if (edit !== null) return edit
  entry.set('mode', mode)
  entry.delete('until')
  return null
}

function urlOf(item: unknown): unknown {
  if (isScalar(item)) return item.value
  return isMap(item) ? item.get('url') : undefined
}

/** The first site of a policy without any: naming one site alone would confine the agent to it, so
 * everywhere else stays listed, as it was. The list goes above the rules, where people look. */
function addSites(document: Document, pattern: string, mode: Mode): void {
  const rest = document.createNode('**')
  rest.comment = ' everywhere else, as before; without this line an agent acts on no other site'
  const sites = new YAMLSeq()
  sites.items.push(document.createNode({ url: pattern, mode }, { flow: true }), rest)
  const map = document.contents
  if (!isMap(map)) return
  const rules = map.items.findIndex(({ key }) => isScalar(key) && key.value === 'rules')
  map.items.splice(rules < 0 ? map.items.length : rules, 0, document.createPair('sites', sites))
}
