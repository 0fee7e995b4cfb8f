import { readFileSync, writeFileSync } from 'node:fs'
import { classify } from '#shared/classify/classify.ts'
import type { Classification } from '#shared/protocol/classification.ts'
import type { Descriptor } from '#shared/protocol/descriptor.ts'

/** Scores `classify` on human-labelled clicks: `eval FILE [--pred OUT.jsonl] [--wrong]`. FILE is JSON
 * Lines with `id`, `url`, `tagHead` (tag and a few attributes), `name_slug` (a lossy accessible name)
 * and `label`; SAFE is effect `none`, LOW `reversible`, HIGH the rest. */

interface Row {
  id: string
  url: string
  tagHead: string
  name_slug: string | null
  label: Label
}

const roles: Record<string, string> = { a: 'link', button: 'button', select: 'combobox' }
const labels = ['SAFE', 'LOW', 'HIGH'] as const
type Label = (typeof labels)[number]

const [file, ...options] = process.argv.slice(2)
if (file === undefined) {
  console.error('usage: eval FILE [--pred OUT.jsonl] [--wrong]')
  process.exit(2)
}
const rows = readFileSync(file, 'utf8').split('\n').filter(Boolean).map(parse)
const descriptors = rows.map(describe)
const judged = rows.map((row, i) => ({ row, ...predict(descriptors[i]) }))
report()
const out = options[options.indexOf('--pred') + 1]
if (options.includes('--pred') && out !== undefined) {
  const lines = judged.map(({ row, label }) => JSON.stringify({ id: row.id, label }))
  writeFileSync(out, `${lines.join('\n')}\n`)
}

function parse(line: string): Row {
  const value: Record<string, unknown> = JSON.parse(line)
  const text = (key: string) => (typeof value[key] === 'string' ? value[key] : '')
  const label = labels.find((one) => one === value.label)
  if (!label) throw new Error(`no label in ${line.slice(0, 80)}`)
  return {
    id: text('id'),
    url: text('url'),
    tagHead: text('tagHead'),
    name_slug: text('name_slug'),
    label,
  }
}

function predict(d: Descriptor | undefined): { label: Label; found: Classification } {
  if (!d) throw new Error('a row without a descriptor')
  const found = classify(d)
  const label = found.effect === 'none' ? 'SAFE' : found.effect === 'reversible' ? 'LOW' : 'HIGH'
  return { label, found }
}

/** A minimal Descriptor. The rows say nothing of the form: `type="submit"` is taken as POST and a link
 * as one without an address, as anything that cannot be seen has to be. */
function describe(row: Row): Descriptor {
  const tag = /^\w+/.exec(row.tagHead)?.[0] ?? 'button'
  const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(row.tagHead)?.[1]
  const type = attribute('type') ?? (tag === 'input' ? 'text' : undefined)
  const { name, hints } = parseSlug(row.name_slug ?? '')
  const editable =
    tag === 'textarea' || (tag === 'input' && /^(?:text|email|search)$/.test(type ?? ''))
  return {
    door: 'api',
    provenance: 'agent',
    gesture: 'click',
    page: { url: row.url, title: '', top: true },
    target: {
      role: attribute('role') ?? roles[tag] ?? 'generic',
      name,
      tag,
      path: tag,
      hints,
      ...(type !== undefined && { type }),
      ...(editable && { editable }),
    },
    ...(type === 'submit' && { form: { method: 'post', action: row.url, fields: [] } }),
    terms: { amounts: [], recipients: [], rows: null },
  }
}

/** The slug is a name, or attribute names and values with their punctuation lost
 * (`aria-label  Save`, `name  commit  value  Subscribe`, `parent node  [ Send ] title  x`). */
function parseSlug(slug: string): { name: string; hints: string[] } {
  if (slug === 'description unavailable') return { name: '', hints: [] }
  const parent = /^parent node\s+\[\s*([^\]]*)\]?(.*)$/.exec(slug)
  if (parent) return { name: parent[1]?.trim() ?? '', hints: [parent[2]?.trim() ?? ''] }
  if (!/^(?:aria-\w+|name|value|title|alt|label|INPUT VALUE)\b\s{2,}/.test(slug))
    return { name: slug, hints: [] }
  const parts = slug.split(/\s{2,}/)
  const value = (key: string) => parts[parts.indexOf(key) + 1] ?? ''
  const key = ['aria-label', 'value', 'title', 'alt', 'label'].find((one) => parts.includes(one))
  return { name: key ? value(key) : '', hints: parts }
}

function report(): void {
  const count = (is: Label, said: Label) =>
    judged.filter(({ row, label }) => row.label === is && label === said).length
  const percent = (part: number, whole: number) => `${((100 * part) / (whole || 1)).toFixed(1)} %`
  const right = labels.reduce((sum, label) => sum + count(label, label), 0)
  console.log(`rows ${rows.length}   accuracy ${percent(right, rows.length)}`)
  console.log('label   rows   SAFE    LOW   HIGH   recall  precision')
  for (const is of labels) {
    const all = rows.filter((row) => row.label === is).length
    const said = judged.filter(({ label }) => label === is).length
    const cells = labels.map((label) => String(count(is, label)).padStart(6)).join(' ')
    const rates = `${percent(count(is, is), all)}   ${percent(count(is, is), said)}`
    console.log(`${is.padEnd(5)} ${String(all).padStart(6)} ${cells}   ${rates}`)
  }
  const safe = rows.filter((row) => row.label === 'SAFE').length
  console.log(`SAFE held ${percent(safe - count('SAFE', 'SAFE'), safe)}`)
  console.log(`${timed().toFixed(1)} us per classify`)
  if (options.includes('--wrong'))
    for (const { row, label, found } of judged)
      if (row.label !== label)
        console.log(
          `${row.label} as ${label}: ${row.tagHead} "${row.name_slug}" (${found.signals.map(({ says }) => says).join('; ')})`,
        )
}

/** Mean of ten passes over the file, after the first, which unpacks the tables. */
function timed(): number {
  const start = performance.now()
  for (let pass = 0; pass < 10; pass++) for (const d of descriptors) classify(d)
  return ((performance.now() - start) * 1000) / (10 * descriptors.length)
}
