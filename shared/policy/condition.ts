import { type CelInput, celEnv, isCelError, parse, plan } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { checkCondition, DEPTH_LIMIT, SOURCE_LIMIT, type Wrong } from './condition-check.ts'
import { checkContext, type Providers } from './condition-context.ts'
import { contextValue } from './context-facts.ts'
import { majorUnits } from './currency.ts'
import type { Subject } from './subject.ts'

/** A compiled `if:`. `error` is what a condition answers that could not be evaluated, such as one
 * about a row count that nothing on the page tells. */
export interface Condition {
  readonly source: string
  /** Names of the context providers that it reads. */
  readonly providers: readonly string[]
  evaluate(subject: Subject): boolean | 'error'
}

/** Of the strings extension only what cannot make texts grow: thirty nested `replace` would. */
const SAFE = new Set([
  'charAt',
  'indexOf',
  'lastIndexOf',
  'lowerAscii',
  'upperAscii',
  'substring',
  'trim',
])
const env = celEnv({ funcs: strings.filter(({ name }) => SAFE.has(name)) })

/** A time as CEL knows it, made by CEL itself. */
const timestamp = plan(env, parse('timestamp(iso)'))

/** Compiles a CEL expression under the bounds of `checkCondition`. `providers` are the policy's. */
export function compileCondition(
  source: string,
  providers: Providers = NO_PROVIDERS,
): { ok: true; condition: Condition } | { ok: false; wrong: Wrong[] } {
  const early = bounds(source)
  if (early) return { ok: false, wrong: [early] }
  const parsed = parsedOr(source)
  if ('code' in parsed) return { ok: false, wrong: [parsed] }
  const context = checkContext(parsed, providers)
  const wrong = [...checkCondition(parsed, env), ...context.wrong]
  if (wrong.length > 0) return { ok: false, wrong }
  const evaluate = plan(env, parsed)
  const used = Object.entries(VARIABLES).filter(([name]) => source.includes(name))
  if (context.used.length > 0)
    used.push(['context', ({ facts }) => contextValue(facts.context, providers)])
  return {
    ok: true,
    condition: {
      source,
      providers: context.used,
      evaluate: (subject) => {
        const result = evaluate(bindings(subject, used))
        return typeof result === 'boolean' ? result : 'error'
      },
    },
  }
}

const NO_PROVIDERS: Providers = new Map()

/** What has to be refused before the parser runs, because the parser recurses. */
function bounds(source: string): Wrong | null {
  if (source.length > SOURCE_LIMIT)
    return {
      code: 'condition-too-long',
      message: `a condition has at most ${SOURCE_LIMIT} characters`,
      offset: 0,
    }
  let open = 0
  for (let offset = 0; offset < source.length; offset++) {
    const character = source.charAt(offset)
    if ('([{'.includes(character)) open++
    if (')]}'.includes(character)) open--
    if (open > DEPTH_LIMIT)
      return {
        code: 'condition-too-deep',
        message: `a condition nests at most ${DEPTH_LIMIT} levels`,
        offset,
      }
  }
  return null
}

function parsedOr(source: string): ReturnType<typeof parse> | Wrong {
  try {
    return parse(source)
  } catch (error) {
    const open = unclosed(source)
    if (open !== null)
      return {
        code: 'condition-syntax',
        message: `\`if\` does not parse: \`${source.charAt(open)}\` is never closed`,
        offset: open,
      }
    // The library reports a syntax error by throwing; its text starts with `<input>:1:3: `.
    const text = error instanceof Error ? error.message : String(error)
    const [, line = '1', column = '1'] = /^<input>:(\d+):(\d+): /.exec(text) ?? []
    const before = source.split('\n').slice(0, Number(line) - 1)
    const offset = before.reduce((sum, each) => sum + each.length + 1, 0) + Number(column) - 1
    const message = `\`if\` does not parse: ${text.replace(/^<input>:\d+:\d+: /, '')}`
    return { code: 'condition-syntax', message, offset: Math.min(offset, source.length) }
  }
}

/** The last bracket or quote that is open at the end; the parser would only say that it expected
 * the end of its input somewhere before. */
function unclosed(source: string): number | null {
  const open: number[] = []
  let quote: number | null = null
  for (let offset = 0; offset < source.length; offset++) {
    const character = source.charAt(offset)
    if (quote !== null) {
      if (character === '\\') offset++
      else if (character === source.charAt(quote)) quote = null
    } else if (character === '"' || character === "'") quote = offset
    else if ('([{'.includes(character)) open.push(offset)
    else if (')]}'.includes(character)) open.pop()
  }
  return quote ?? open.pop() ?? null
}

type Bindings = Record<string, CelInput>

/** One set of variables per action, however many conditions look at it, with those made so far that
 * some condition uses. */
const made = new WeakMap<Subject, Bindings>()

function bindings(subject: Subject, used: readonly [string, Variable][]): Bindings {
  const bound = made.get(subject) ?? {}
  made.set(subject, bound)
  for (const [name, of] of used) {
    const value = bound[name] ?? of(subject)
    if (value !== undefined) bound[name] = value
  }
  return bound
}

type Variable = (subject: Subject) => CelInput | undefined

/** INVARIANT: what is unknown is left out, never bound to null or an empty text. Reading it is then
 * an error, which closes; `null == 10` would quietly be false, and open a deny rule. */
const VARIABLES: Readonly<Record<string, Variable>> = {
  target: ({ d }) =>
    known({ ...d.target, heading: d.target.heading ?? '', row: d.target.row ?? '' }),
  page,
  form,
  terms,
  gesture: ({ d }) => d.gesture,
  capability: ({ c }) => c.capability,
  category: ({ c }) => c.category,
  effect: ({ effect }) => effect,
  provenance: ({ d }) => d.provenance,
  door: ({ d }) => d.door,
  verb: ({ c }) => c.verb,
  now: clock,
}

/** Unknown where the time is outside what `Date` can write. */
function clock({ facts: { now } }: Subject): CelInput | undefined {
  if (!(Math.abs(now) <= 8.64e15)) return undefined
  const result = timestamp({ iso: new Date(now).toISOString() })
  return isCelError(result) ? undefined : result
}

function page({ d, page: at }: Subject): CelInput {
  const web =
    at.kind === 'web' ? { scheme: at.scheme, host: at.host, path: at.path().exact.text } : {}
  const { url, title, topUrl, lang } = d.page
  return known({ url, ...web, title, top_url: topUrl, lang })
}

/** Fields by label, numbered where labels repeat so that none hides another; secrets left out. */
function form({ d }: Subject): Map<string, CelInput> {
  const fields = new Map<string, CelInput>()
  const seen = new Map<string, number>()
  for (const field of d.form?.fields ?? []) {
    const label = field.label || field.name || field.type
    const count = (seen.get(label) ?? 0) + 1
    seen.set(label, count)
    if (!field.secret) fields.set(count > 1 ? `${label} (${count})` : label, field.value)
  }
  return fields
}

/** `amount` and `currency` are there if every amount is readable and of one currency. */
function terms({ d }: Subject): Map<string, CelInput> {
  const amounts = d.terms.amounts.map(({ currency, minor, text }) => {
    const value = currency === null || minor === null ? null : majorUnits(minor, currency)
    return { currency: currency ?? undefined, value: value ?? undefined, text }
  })
  const [currency, ...others] = new Set(amounts.map((amount) => amount.currency))
  const values = amounts.map(({ value }) => Math.abs(value ?? Number.NaN))
  const largest = Math.max(...values)
  const one = others.length === 0 && currency !== undefined && Number.isFinite(largest)
  return known({
    amounts: amounts.map(known),
    amount: one ? largest : undefined,
    currency: one ? currency : undefined,
    recipients: d.terms.recipients,
    recipient_count: d.terms.recipients.length,
    rows: d.terms.rows ?? undefined,
    bytes: d.terms.bytes === undefined ? 0 : (d.terms.bytes ?? undefined),
  })
}

function known(fields: Record<string, unknown>): Map<string, CelInput> {
  const map = new Map<string, CelInput>()
  for (const [name, value] of Object.entries(fields)) if (isInput(value)) map.set(name, value)
  return map
}

function isInput(value: unknown): value is string | number | boolean | CelInput[] {
  return ['string', 'number', 'boolean'].includes(typeof value) || Array.isArray(value)
}
