import { readFileSync } from 'node:fs'
import { type Command, Option } from 'commander'
import { classify } from '#shared/classify/classify.ts'
import { type Explanation, explain, type RuleExplanation } from '#shared/policy/explain.ts'
import type { Policy } from '#shared/policy/policy.ts'
import { Classification } from '#shared/protocol/classification.ts'
import { Descriptor } from '#shared/protocol/descriptor.ts'
import { CODES, loadPolicy, policyFile, printJson, report, say } from './policy-text.ts'

interface Options {
  descriptor: string
  classification?: string
  json?: true
}

/** `holdpoint policy explain`. */
export function addExplain(policy: Command): void {
  policy
    .command('explain')
    .description(
      'say why an action is allowed, held or denied, rule by rule, and what would change it',
    )
    .argument('[FILE]', 'policy file')
    .requiredOption('--descriptor <JSON>', 'the action as a Descriptor; `-` reads it from stdin')
    .addOption(
      new Option('--classification <JSON>', 'use this judgement instead of the classifier’s'),
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      `${CODES}
  $ holdpoint policy explain holdpoint.yaml --descriptor - < descriptor.json
  $ holdpoint policy explain --descriptor "$(cat descriptor.json)" --json

It judges the file by itself: as if nothing had happened before, and without what context providers
would know. \`holdpoint status\` and the dashboard show what is used up.`,
    )
    .action((given: string | undefined, options: Options, command: Command) => {
      const file = policyFile(given, command)
      const loaded = loadPolicy(file, command)
      if (!loaded.ok) {
        report(loaded.text, loaded.problems, file)
        process.exitCode = 1
        return
      }
      const input = options.descriptor === '-' ? readFileSync(0, 'utf8') : options.descriptor
      const descriptor = parsed('--descriptor', input, Descriptor, command)
      const classification = options.classification
        ? parsed('--classification', options.classification, Classification, command)
        : classify(descriptor)
      const explanation = explain(loaded.policy, descriptor, classification, loaded.facts)
      const without = beyond(loaded.policy)
      if (options.json) printJson({ classification, ...explanation, without })
      else show(classification, explanation, without)
    })
}

/** The parts of the policy that depend on what happened before, or on what others know. */
function beyond(policy: Policy): string[] {
  const { limits, ceilings, rules } = policy
  const counted = rules.some((rule) => rule.limits.length > 0 || rule.budgets.length > 0)
  const capped = ceilings.run ?? ceilings.hour ?? ceilings.day.all
  const byKind = ceilings.day.capability.size + ceilings.day.category.size + ceilings.budgets.size
  const parts: [boolean, string][] = [
    [counted || limits.length > 0, 'limits and budgets'],
    [capped !== null || byKind > 0, 'ceilings'],
    [policy.duplicates !== null, 'duplicates'],
    [policy.breaker !== null, 'the breaker'],
    [rules.some(({ earned }) => earned !== null), 'what rules have earned'],
    [rules.some(({ verifiedMs }) => verifiedMs !== null), 'trials of undo recipes'],
    [policy.sandbox.size > 0, 'promotions from staging'],
    [policy.context.size > 0, 'context providers'],
  ]
  return parts.filter(([there]) => there).map(([, part]) => part)
}

function show(c: Classification, explanation: Explanation, without: readonly string[]): void {
  const { decision, rules, restraints } = explanation
  say(`classified  ${c.capability}, category ${c.category}, effect ${c.effect}`)
  say(`decision    ${decision.kind} (${decision.pattern}, mode ${decision.mode})`)
  say(`because     ${decision.reason}`)
  for (const need of decision.wouldNeed) say(`would need  ${need}`)
  for (const { kind, rule, says, holds } of restraints)
    say(
      `${holds ? 'holds it   ' : 'may hold it'} ${rule === null ? '' : `rule \`${rule}\`, `}${kind}: ${says}`,
    )
  if (without.length > 0) say(`as if       nothing had happened before: ${without.join(', ')}`)
  for (const rule of rules) {
    say(
      `\n${rule.matched ? 'matches' : 'misses '}  \`${rule.id}\` ${rule.says} (line ${rule.line})`,
    )
    for (const line of details(rule)) say(`         ${line}`)
  }
}

function details({ failed, note }: RuleExplanation): string[] {
  const wants = failed.map((each) => `${each.field}: wants ${each.wants}, is ${each.is}`)
  return note === null ? wants : [...wants, note]
}

/** What both protocol schemas have in common. */
interface Shape<T> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: T }
    | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } }
}

function parsed<T>(option: string, text: string, shape: Shape<T>, command: Command): T {
  const result = shape.safeParse(json(option, text, command))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue && issue.path.length > 0 ? `\`${issue.path.map(String).join('.')}\`: ` : ''
  return command.error(`${option} is not valid: ${where}${issue?.message ?? ''}`, { exitCode: 2 })
}

function json(option: string, text: string, command: Command): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    return command.error(`${option} is not JSON: ${why}`, { exitCode: 2 })
  }
}
