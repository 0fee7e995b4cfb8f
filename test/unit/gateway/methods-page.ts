import { methodGroups } from '#companion/gateway/allowlist.ts'
import { closed } from '#companion/gateway/methods/closed.ts'
import { protocolMethods } from './protocol.ts'

const CLASSES = {
  allow: 'goes to the browser',
  guard: 'goes to the browser after a command of Holdpoint that makes it safe',
  hold: 'waits for the policy or a person',
  answer: 'is answered by Holdpoint and never reaches the browser',
  deny: 'is answered with an error that says why',
}

interface Row {
  class: keyof typeof CLASSES
  byParameters: boolean
  why: string
}

const rows = new Map<string, Row>(
  methodGroups.flatMap((group) =>
    group.methods.map((name): [string, Row] => [
      name,
      { class: group.class, byParameters: group.rule !== undefined, why: group.why },
    ]),
  ),
)

function rowOf(name: string, domain: string): Row {
  const row = rows.get(name)
  if (row) return row
  const why = closed[domain]?.why ?? 'nobody has judged what it can do'
  return { class: 'deny', byParameters: false, why }
}

/** The reference page: every method of the protocol, what becomes of it, and why. */
export function methodsPage(): string {
  const judged = protocolMethods.map(({ name, domain }) => ({
    name,
    domain,
    ...rowOf(name, domain),
  }))
  const count = (one: string) => judged.filter((row) => row.class === one).length
  const domains = [...new Set(judged.map(({ domain }) => domain))].sort()
  return [
    '# What an agent may send',
    '',
    '<!-- Written by the unit tests: npx vitest run --root . --config test/vitest.config.ts test/unit/gateway/allowlist.test.ts -u -->',
    '',
    `All ${judged.length} methods of the Chrome DevTools Protocol, as the \`devtools-protocol\` package`,
    'publishes it, and what the gateway does with each. A method that is not listed here is denied.',
    '',
    '| class | methods | a command of this class |',
    '|---|---:|---|',
    ...Object.entries(CLASSES).map(([name, what]) => `| ${name} | ${count(name)} | ${what} |`),
    '',
    'An asterisk: some parameters are judged more strictly or more mildly, or are changed; the reason',
    'says which, `param-rules.ts` and `header-rules.ts` say how.',
    ...domains.flatMap((domain) => [
      '',
      `## ${domain}`,
      '',
      '| method | class | because |',
      '|---|---|---|',
      ...judged
        .filter((row) => row.domain === domain)
        .map(
          (row) => `| ${row.name} | ${row.class}${row.byParameters ? '\\*' : ''} | ${row.why} |`,
        ),
    ]),
    '',
  ].join('\n')
}
