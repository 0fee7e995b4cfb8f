import { children, type Expr, type Parsed, start, type Wrong } from './condition-check.ts'
import { hint } from './did-you-mean.ts'
import type { Provider } from './schema-limits.ts'

export type Providers = ReadonlyMap<string, Provider>
type FactType = Provider['gives'][string]

/** `context.NAME.FACT` in an expression. */
interface Reading {
  readonly provider: string
  /** Undefined where only the provider is named. */
  readonly fact: string | undefined
}

/** Checks what a condition reads from context providers against what they give, and names those it
 * reads. */
export function checkContext(
  { expr, sourceInfo }: Parsed,
  providers: Providers,
): { wrong: Wrong[]; used: string[] } {
  const wrong: Wrong[] = []
  const used = new Set<string>()
  const refuse = (at: Expr, code: string, message: string) => {
    if (wrong.length < 20)
      wrong.push({ code, message, offset: sourceInfo?.positions[String(start(at).id)] ?? 0 })
  }
  const visit = (at: Expr): void => {
    const read = readingOf(at)
    if (read) {
      used.add(read.provider)
      const mistake = readingProblem(read, providers)
      if (mistake) refuse(at, 'unknown-name', mistake)
      return
    }
    if (isContext(at)) refuse(at, 'unknown-name', `write ${SHAPE}`)
    const mismatch = comparisonProblem(at, providers)
    // The parser places a comparison at its sign; a person looks where it begins.
    if (mismatch) refuse(children(at, NONE)[0]?.[0] ?? at, 'wrong-type', mismatch)
    for (const [child] of children(at, NONE)) visit(child)
  }
  if (expr) visit(expr)
  return { wrong, used: [...used] }
}

const NONE: ReadonlySet<string> = new Set()
const SHAPE = '`context.NAME.FACT`, with a name and a fact of the policy’s `context`'

function isContext({ exprKind: { case: kind, value } }: Expr): boolean {
  return kind === 'identExpr' && value.name === 'context'
}

/** What an expression reads from a provider; null where it is about something else. */
function readingOf({ exprKind: { case: kind, value } }: Expr): Reading | null {
  if (kind !== 'selectExpr' || !value.operand) return null
  if (isContext(value.operand)) return { provider: value.field, fact: undefined }
  const inner = readingOf(value.operand)
  return inner && inner.fact === undefined ? { ...inner, fact: value.field } : inner
}

function readingProblem({ provider, fact }: Reading, providers: Providers): string | null {
  const known = providers.get(provider)
  if (known === undefined)
    return providers.size === 0
      ? `unknown name \`context.${provider}\`; the policy has no \`context\``
      : `unknown name \`context.${provider}\`${hint(provider, providers.keys()) || `; expected one of ${[...providers.keys()].join(', ')}`}`
  if (fact === undefined) return `\`context.${provider}\` has facts; write ${SHAPE}`
  if (Object.hasOwn(known.gives, fact)) return null
  const facts = Object.keys(known.gives)
  return `unknown name \`context.${provider}.${fact}\`${hint(fact, facts) || `; expected one of ${facts.join(', ')}`}`
}

const COMPARISONS = new Set(['_==_', '_!=_', '_<_', '_<=_', '_>_', '_>=_'])

/** A fact that is compared with a constant of another type: never equal, which would quietly open a
 * deny rule. */
function comparisonProblem({ exprKind }: Expr, providers: Providers): string | null {
  if (exprKind.case !== 'callExpr' || !COMPARISONS.has(exprKind.value.function)) return null
  const { args } = exprKind.value
  for (const [one, other] of [args, args.toReversed()]) {
    const read = one && readingOf(one)
    const type =
      read?.fact === undefined ? undefined : providers.get(read.provider)?.gives[read.fact]
    const constant = other && constantType(other)
    if (!read || type === undefined || !constant || fits(type, constant)) continue
    return `\`context.${read.provider}.${read.fact}\` is of type \`${type}\` and is compared with \`${constant}\``
  }
  return null
}

function fits(type: FactType, constant: FactType): boolean {
  const number = (word: FactType) => word === 'int' || word === 'double'
  return type === constant || (number(type) && number(constant))
}

const CONSTANTS: Readonly<Record<string, FactType>> = {
  stringValue: 'string',
  int64Value: 'int',
  uint64Value: 'int',
  doubleValue: 'double',
  boolValue: 'bool',
}

function constantType({ exprKind: { case: kind, value } }: Expr): FactType | undefined {
  if (kind === 'listExpr') return 'list'
  return kind === 'constExpr' ? CONSTANTS[value.constantKind.case ?? ''] : undefined
}
