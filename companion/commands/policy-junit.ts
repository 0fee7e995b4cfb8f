import type { Suite } from './policy-test.ts'

/** Results as JUnit XML, as CI servers read it: one suite for each file, an error for a file that could
 * not be run. */
export function junit(suites: readonly Suite[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="holdpoint policy test"${numbers(suites)}>`,
    ...suites.flatMap((suite) => [
      `  <testsuite name="${escaped(suite.file)}"${numbers([suite])}>`,
      ...suite.results.flatMap(({ name, pass, differences, decision }) => [
        `    <testcase classname="${escaped(suite.file)}" name="${escaped(name)}"${pass ? '/>' : '>'}`,
        ...(pass ? [] : failure('failure', differences, [...differences, decision.reason])),
      ]),
      ...unread(suite),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n')
}

function numbers(suites: readonly Suite[]): string {
  const results = suites.flatMap((suite) => suite.results)
  const errors = suites.filter(({ broken }) => broken !== null).length
  const failures = results.filter(({ pass }) => !pass).length
  return ` tests="${results.length + errors}" failures="${failures}" errors="${errors}"`
}

function unread({ file, broken }: Suite): string[] {
  if (broken === null) return []
  const lines = broken.problems.map(
    ({ line, column, message }) => `${broken.file}:${line}:${column}: ${message}`,
  )
  return [
    `    <testcase classname="${escaped(file)}" name="can be read">`,
    ...failure('error', lines, lines),
  ]
}

function failure(kind: string, about: readonly string[], lines: readonly string[]): string[] {
  return [
    `      <${kind} message="${escaped(about[0] ?? '')}">${escaped(lines.join('\n'))}</${kind}>`,
    '    </testcase>',
  ]
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** Characters that XML 1.0 cannot hold at all, unpaired surrogates included. */
const UNHOLDABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

function escaped(text: string): string {
  return text
    .replace(UNHOLDABLE, '\u{fffd}')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
