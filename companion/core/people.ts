import type { Policy } from '#shared/policy/policy.ts'
import type { Refusal } from './hold.ts'

/** Why a person may not do what takes a role; null where they may. Where the policy names nobody, every
 * supervisor has every role. */
export function lacksRole({ people }: Policy, name: string, role: string): Refusal | null {
  if (people === null) return null
  const has = people.filter(({ roles }) => roles.includes(role)).map((person) => person.name)
  if (has.includes(name)) return null
  const who = has.length === 0 ? 'the policy gives it to nobody' : `it is ${either(has)} who has it`
  return {
    code: 'not_approver',
    message: `this takes the role \`${role}\`, which \`${name}\` does not have; ${who}`,
  }
}

function either(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``)
  const last = quoted.pop() ?? ''
  return quoted.length === 0 ? last : `${quoted.join(', ')} or ${last}`
}
