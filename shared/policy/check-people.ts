import type { Path, Report } from './check.ts'
import { hint } from './did-you-mean.ts'
import type { PolicyFile } from './schema.ts'
import type { ApproverStep, Person } from './schema-limits.ts'

type Approvers = Readonly<Record<string, readonly ApproverStep[] | undefined>>

/** Roles that nobody has, and more people than have them. Where the people are in a file of their own
 * they are checked when that file is read. */
export function checkPeople(file: PolicyFile, { problem, note }: Report): void {
  const { people, approvers, review } = file
  const listed = Array.isArray(people) ? people : null
  for (const { path, code, message } of listed ? peopleProblems(listed, approvers) : [])
    problem(path, code, message)
  for (const [category, steps] of Object.entries(approvers))
    for (const { path, code, message } of [
      ...stepNotes(category, steps ?? []),
      ...(people === undefined ? namelessNotes(category, steps ?? []) : []),
    ])
      note(path, code, message)
  if (listed && review?.role !== undefined) {
    const roles = rolesOf(listed)
    if (!roles.has(review.role))
      problem(['review', 'role'], 'unknown-role', nobody(review.role, roles))
  }
}

interface Finding {
  /** Within the policy file. */
  readonly path: Path
  readonly code: string
  readonly message: string
}

/** What is wrong with the people of a policy, in its file or in one beside it. */
export function peopleProblems(people: readonly Person[], approvers: Approvers): Finding[] {
  const found: Finding[] = []
  const roles = rolesOf(people)
  const seen = new Set<string>()
  people.forEach(({ name }, index) => {
    if (seen.has(name))
      found.push({
        path: ['people', index, 'name'],
        code: 'duplicate-person',
        message: `\`${name}\` is there twice; write all roles of a person in one place`,
      })
    seen.add(name)
  })
  for (const [category, steps] of Object.entries(approvers))
    (steps ?? []).forEach(({ role, people: wanted }, index) => {
      const path = ['approvers', category, index]
      const having = roles.get(role) ?? 0
      if (having === 0)
        found.push({ path: [...path, 'role'], code: 'unknown-role', message: nobody(role, roles) })
      else if (having < wanted)
        found.push({
          path: [...path, 'people'],
          code: 'too-few-people',
          message: `${wanted} people of role \`${role}\` have to approve, and only ${having} ${having === 1 ? 'has' : 'have'} it`,
        })
    })
  return found
}

function nobody(role: string, roles: ReadonlyMap<string, number>): string {
  return `nobody in \`people\` has the role \`${role}\`${hint(role, roles.keys())}`
}

/** How many different people have each role. */
function rolesOf(people: readonly Person[]): ReadonlyMap<string, number> {
  const names = new Map<string, Set<string>>()
  for (const { name, roles } of people)
    for (const role of roles) names.set(role, (names.get(role) ?? new Set()).add(name))
  return new Map([...names].map(([role, all]) => [role, all.size]))
}

function stepNotes(category: string, steps: readonly ApproverStep[]): Finding[] {
  if (steps.length > 0 && steps.every(({ above }) => above !== undefined))
    return [
      {
        path: ['approvers', category],
        code: 'no-first-step',
        message: `below ${steps[0]?.above?.text ?? ''} anybody may approve; add a step without \`above\``,
      },
    ]
  return []
}

/** Who is who is known by `people` alone: without it each token is somebody. */
function namelessNotes(category: string, steps: readonly ApproverStep[]): Finding[] {
  return steps.flatMap(({ people }, index) =>
    people < 2
      ? []
      : [
          {
            path: ['approvers', category, index, 'people'],
            code: 'nameless-people',
            message: `${people} people have to approve, and \`people\` names nobody, so ${people} tokens of one person are enough; name the people`,
          },
        ],
  )
}
