import { Composer, type Document, isAlias, isNode, Lexer, LineCounter, Parser, visit } from 'yaml'
import type { Problem } from './problem.ts'

/** Largest policy in characters: about 15,000 rules. */
export const SIZE_LIMIT = 4 * 1024 * 1024

/** Deepest nesting; a policy needs seven levels. */
const DEPTH_LIMIT = 40

export interface YamlText {
  readonly document: Document.Parsed
  readonly lines: LineCounter
  /** Plain JSON value of the document. */
  readonly value: unknown
}

/** Reads one YAML 1.2 document of plain maps, lists and scalars: no anchors, aliases, tags or
 * repeated keys, so that what a person reads is what is in force. Never throws. */
export function readYaml(
  text: string,
): { ok: true; yaml: YamlText } | { ok: false; problems: Problem[] } {
  const lines = new LineCounter()
  const fail = (problem: Problem) => ({ ok: false as const, problems: [problem] })
  if (text.length > SIZE_LIMIT)
    return fail(first('too-large', `the policy is larger than ${SIZE_LIMIT} characters`))
  const parsed = parse(text, lines)
  if ('tooDeep' in parsed)
    return fail(at(lines, parsed.tooDeep, 'too-deep', `more than ${DEPTH_LIMIT} levels of nesting`))
  const [document, second] = parsed.documents
  if (!document || (document.contents === null && document.errors.length === 0))
    return fail(first('empty', 'the policy is empty; it needs at least `version: 1`'))
  const problems = [
    ...syntax(document, lines),
    ...indirections(document, lines),
    ...(second ? [at(lines, second.range[0], 'yaml-syntax', 'a policy is one document')] : []),
  ]
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, yaml: { document, lines, value: document.toJS({ maxAliasCount: 0 }) } }
}

/** The composer recurses, and at great depth V8 ends the whole process instead of throwing. So the
 * parser, which does not recurse, is watched while it runs and stopped in time. */
function parse(text: string, lines: LineCounter) {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  const tokens = []
  let offset = 0
  for (const lexeme of new Lexer().lex(text)) {
    tokens.push(...parser.next(lexeme))
    offset += lexeme.length
    if (parser.stack.length > DEPTH_LIMIT) return { tooDeep: Math.min(offset, text.length) }
  }
  tokens.push(...parser.end())
  const composer = new Composer<Document.Parsed['contents'] & object, true>({
    version: '1.2',
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    stringKeys: true,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  })
  return { documents: [...composer.compose(tokens, true, text.length)] }
}

function syntax(document: Document.Parsed, lines: LineCounter): Problem[] {
  return [...document.errors, ...document.warnings].map((error) => {
    const code = error.code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'yaml-syntax'
    const message = error.message.split('\n')[0] ?? error.message
    return at(lines, error.pos[0], code, `${message[0]?.toLowerCase() ?? ''}${message.slice(1)}`)
  })
}

function indirections(document: Document.Parsed, lines: LineCounter): Problem[] {
  const problems: Problem[] = []
  const refuse = (offset: number | undefined, message: string) =>
    problems.push(at(lines, offset ?? 0, 'alias', message))
  visit(document, (_key, node) => {
    if (!isNode(node)) return
    const offset = node.range?.[0]
    if (isAlias(node)) refuse(offset, `\`*${node.source}\` is an alias; write the value out`)
    else if (node.anchor !== undefined)
      refuse(offset, `\`&${node.anchor}\` is an anchor; a policy has none, write the value out`)
  })
  return problems
}

function first(code: string, message: string): Problem {
  return { code, message, line: 1, column: 1 }
}

/** A problem at a character offset. */
export function at(lines: LineCounter, offset: number, code: string, message: string): Problem {
  const { line, col } = lines.linePos(offset)
  return { code, message, line: Math.max(1, line), column: Math.max(1, col) }
}
