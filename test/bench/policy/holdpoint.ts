import { Action, actionOf } from '#shared/policy/action.ts'
import { decide } from '#shared/policy/decide.ts'
import { load } from '#shared/policy/load.ts'
import type { Adapter } from './engine.ts'
import type { BenchRequest, BenchRule } from './rules.ts'

/** Our engine: rules as a person writes them in holdpoint.yaml, and the whole Decision with its rules,
 * its reason in words and what would have been needed. It parses the address itself. */
export const holdpoint: Adapter = {
  name: 'holdpoint',
  needs: null,
  load: (rules) => {
    const loaded = load(textOf(rules))
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems.slice(0, 3)))
    const { policy } = loaded
    const facts = { now: Date.UTC(2026, 5, 1), policyVersion: 'bench' }
    return (request) => {
      const { descriptor, classification } = action(request)
      return () => {
        const { kind, rules } = decide(policy, descriptor, classification, facts)
        return { allowed: kind === 'allow', rules }
      }
    }
  },
}

function action({ url, category, role, amount, domain }: BenchRequest) {
  const to =
    domain === 'mixed' ? ['ann@partner1.example', 'eve@elsewhere.example'] : [`ann@${domain}`]
  return actionOf(
    Action.parse({
      category,
      role,
      url,
      amount: amount === null ? [] : [`${amount} USD`],
      recipients: domain === null ? [] : to,
    }),
  )
}

/** One map of a list for each rule; JSON within a line is YAML. */
export function textOf(rules: readonly BenchRule[]): string {
  const entries = rules.map((rule) => {
    const words = Object.entries(entryOf(rule)).map(
      ([word, value]) => `${word}: ${JSON.stringify(value)}`,
    )
    return `  - ${words.join('\n    ')}\n`
  })
  return `version: 1\nrules:\n${entries.join('')}`
}

function entryOf({ id, effect, host, path, categories, amount, domains, role }: BenchRule) {
  const glob = path === null ? '/**' : `${path.area}/${path.edit ? '*/edit' : '**'}`
  const anywhere = host === null && path === null
  return {
    id,
    effect,
    on: {
      category: categories,
      ...(anywhere ? {} : { url: `https://${host ?? '**'}${glob}` }),
      ...(amount === null
        ? {}
        : { amount: { [effect === 'deny' ? 'min' : 'max']: `${amount} USD` } }),
      ...(domains === null ? {} : { recipients: domains.map((domain) => `*@${domain}`) }),
      ...(role === null ? {} : { role }),
    },
    ...(effect === 'allow' ? { acknowledge: ['communication', 'financial', 'deletion'] } : {}),
  }
}
