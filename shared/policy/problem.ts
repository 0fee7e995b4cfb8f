/** One mistake in a policy file. `line` and `column` count from 1, in UTF-16 units. */
export interface Problem {
  /** Stable code that programs and tests may rely on. */
  readonly code: string
  readonly message: string
  readonly line: number
  readonly column: number
}

/** Most of one source line that is shown; what is cut is marked with an ellipsis. */
const WIDTH = 100

/** The problem as a compiler would print it: `file:line:column: message`, then the line itself and
 * a caret under the place. */
export function showProblem(text: string, problem: Problem, file: string): string {
  const head = `${file}:${problem.line}:${problem.column}: ${problem.message} [${problem.code}]`
  const source = text.split(/\r\n|\n|\r/)[problem.line - 1]
  if (source === undefined || source.trim() === '') return head
  const from = Math.max(0, problem.column - WIDTH + 20)
  const cut = source.slice(from, from + WIDTH).replaceAll('\t', ' ')
  const [before, after] = [from > 0 ? '…' : '', from + WIDTH < source.length ? '…' : '']
  const gutter = `${problem.line} | `
  const caret = ' '.repeat(gutter.length + before.length + problem.column - 1 - from)
  return `${head}\n${gutter}${before}${cut}${after}\n${caret}^`
}
