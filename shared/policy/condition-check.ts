import type { CelEnv, parse } from '@bufbuild/cel'
import { didYouMean, hint } from './did-you-mean.ts'

/** A parsed expression; the type has no name of its own outside the library's specification. */
export type Parsed = ReturnType<typeof parse>
export type Expr = Parsed['expr']

/** One thing that is wrong, at a character offset in the expression. */
export interface Wrong {
  readonly code: string
  readonly message: string
  readonly offset: number
}

export const SOURCE_LIMIT = 2048
export const DEPTH_LIMIT = 30
const LIST_LITERAL_LIMIT = 1000
const PATTERN_LIMIT = 200
const REPEAT_LIMIT = 50

/** Variables of a condition, with their fields where those are fixed; null: any field, or none. */
export const variables: Readonly<Record<string, readonly string[] | null>> = {
  target: ['role', 'name', 'tag', 'type', 'path', 'heading', 'row'],
  page: ['url', 'scheme', 'host', 'path', 'title', 'top_url', 'lang'],
  form: null,
  context: null,
  terms: ['amounts', 'amount', 'currency', 'recipients', 'recipient_count', 'rows', 'bytes'],
  gesture: null,
  capability: null,
  category: null,
  effect: null,
  verb: null,
  provenance: null,
  door: null,
  now: null,
}

/** What is wrong with one part of an expression. */
type Refusal = readonly [code: string, message: string, at?: Expr | undefined]

/** Bounds what an expression may cost and refuses names that nothing defines. The library has no
 * limits of its own: a nested loop over two lists of a policy takes seconds. */
export function checkCondition(parsed: Parsed, env: CelEnv): Wrong[] {
  const wrong: Wrong[] = []
  const positions = parsed.sourceInfo?.positions ?? {}
  let loops = 0

  const visit = (expr: Expr, depth: number, names: ReadonlySet<string>): void => {
    if (wrong.length > 20) return
    const loop = expr.exprKind.case === 'comprehensionExpr'
    if (loop) loops++
    const refusal =
      loop && loops > 1 ? LOOPS : depth > DEPTH_LIMIT ? DEPTH : problem(expr, names, env)
    if (refusal) {
      const [code, message, place = expr] = refusal
      wrong.push({ code, message, offset: positions[String(start(place).id)] ?? 0 })
    }
    if (depth > DEPTH_LIMIT) return
    for (const [child, own] of children(expr, names)) visit(child, depth + 1, own)
  }
  visit(parsed.expr, 1, new Set(Object.keys(variables)))
  return wrong
}

/** The parser places `page.title` at its point; a person looks where it begins. */
export function start(expr: Expr): Expr {
  const { case: kind, value } = expr.exprKind
  return kind === 'selectExpr' && value.operand ? start(value.operand) : expr
}

const DEPTH: Refusal = ['condition-too-deep', `a condition nests at most ${DEPTH_LIMIT} levels`]
const LOOPS: Refusal = [
  'condition-loops',
  'a condition has at most one of `all`, `exists`, `exists_one`, `map`, `filter`',
]

/** The parts of an expression, each with the names that are known in it. */
export function children(expr: Expr, names: ReadonlySet<string>): [Expr, ReadonlySet<string>][] {
  const { case: kind, value } = expr.exprKind
  const here = (parts: readonly (Expr | undefined)[], own = names) =>
    parts.flatMap((part): [Expr, ReadonlySet<string>][] => (part ? [[part, own]] : []))
  if (kind === 'selectExpr') return here([value.operand])
  if (kind === 'callExpr') return here([value.target, ...value.args])
  if (kind === 'listExpr') return here(value.elements)
  if (kind === 'structExpr')
    return here(
      value.entries.flatMap(({ keyKind, value: entry }) =>
        keyKind.case === 'mapKey' ? [keyKind.value, entry] : [entry],
      ),
    )
  if (kind !== 'comprehensionExpr') return []
  const own = new Set([...names, value.iterVar, value.accuVar])
  const { accuInit, loopCondition, loopStep, result } = value
  return [...here([value.iterRange]), ...here([accuInit, loopCondition, loopStep, result], own)]
}

function problem(expr: Expr, names: ReadonlySet<string>, env: CelEnv): Refusal | null {
  const { case: kind, value } = expr.exprKind
  if (kind === 'identExpr' && !names.has(value.name))
    return ['unknown-name', `unknown name \`${value.name}\`${hint(value.name, names)}`]
  if (kind === 'selectExpr') {
    const fields = fieldsOf(value.operand, names)
    if (fields && !fields.includes(value.field))
      return ['unknown-name', unknownField(value.operand, value.field, fields), value.operand]
  }
  if (kind === 'callExpr') return callProblem(value.function, value.args, env)
  if (kind === 'listExpr' && value.elements.length > LIST_LITERAL_LIMIT)
    return ['condition-too-long', `a list has at most ${LIST_LITERAL_LIMIT} entries`]
  if (kind === 'structExpr' && value.messageName !== '')
    return ['unknown-name', `unknown type \`${value.messageName}\``]
  return null
}

/** Fields of a variable whose fields are fixed; a loop variable of the same name has none. */
function fieldsOf(operand: Expr | undefined, names: ReadonlySet<string>) {
  if (operand?.exprKind.case !== 'identExpr') return null
  const { name } = operand.exprKind.value
  return names.has(name) && Object.hasOwn(variables, name) ? (variables[name] ?? null) : null
}

function unknownField(operand: Expr | undefined, field: string, fields: readonly string[]): string {
  const owner = operand?.exprKind.case === 'identExpr' ? operand.exprKind.value.name : ''
  const near = didYouMean(field, fields)
  const hinted =
    near === undefined
      ? `; expected one of ${fields.join(', ')}`
      : `; did you mean \`${owner}.${near}\`?`
  return `unknown name \`${owner}.${field}\`${hinted}`
}

/** Operators of the language are named with signs; only words can be mistyped. */
function callProblem(name: string, args: readonly Expr[], env: CelEnv): Refusal | null {
  if (name === 'matches') return patternProblem(args[args.length - 1], env)
  if (!/^[a-z]\w*$/i.test(name) || env.funcs.find(name)) return null
  const known = [...env.funcs].map((func) => func.name).filter((word) => /^[a-z]\w*$/i.test(word))
  return ['unknown-function', `unknown function \`${name}\`${hint(name, known)}`]
}

/** A pattern is written in the policy, never taken from the page, and has bounds of its own: the
 * engine is linear in the text, but counted repetitions multiply the pattern. */
function patternProblem(pattern: Expr | undefined, env: CelEnv): Refusal | null {
  const constant = pattern?.exprKind.case === 'constExpr' ? pattern.exprKind.value : undefined
  if (constant?.constantKind.case !== 'stringValue')
    return ['bad-pattern', 'the pattern of `matches` has to be written out as text', pattern]
  const text = constant.constantKind.value
  if (text.length > PATTERN_LIMIT)
    return ['bad-pattern', `a pattern has at most ${PATTERN_LIMIT} characters`]
  for (const [, count] of text.matchAll(/(\d+)\}/g))
    if (Number(count) > REPEAT_LIMIT)
      return ['bad-pattern', `a pattern repeats at most ${REPEAT_LIMIT} times`]
  const tried = env.funcs.find('matches')?.call(0, '', [text])
  return tried instanceof Error ? ['bad-pattern', tried.message] : null
}
