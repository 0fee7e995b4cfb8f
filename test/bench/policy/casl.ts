import type { Adapter } from './engine.ts'
import { peer } from './peers.ts'
import { type BenchRule, step } from './rules.ts'

interface Rule {
  inverted: boolean
  reason: string
  matchesConditions(step: object): boolean
}
interface Ability {
  can(action: string, subject: object): boolean
  rulesFor(action: string, subjectType: string): Rule[]
}
interface Casl {
  createMongoAbility(rules: object[], options: object): Ability
}

/** The category is the action, by which CASL finds rules; all else are conditions. */
export const casl: Adapter = {
  name: '@casl/ability',
  needs: '@casl/ability@7.0.1',
  load: async (rules) => {
    const ability = await abilityOf(rules)
    return (request) => () => {
      const facts = step(request)
      const denied: string[] = []
      const allowed: string[] = []
      // Rules that forbid come first.
      for (const rule of ability.rulesFor(request.category, 'step')) {
        if (!rule.inverted && denied.length > 0) break
        if (rule.matchesConditions(facts)) (rule.inverted ? denied : allowed).push(rule.reason)
      }
      if (denied.length > 0) return { allowed: false, rules: denied }
      return { allowed: allowed.length > 0, rules: allowed }
    }
  },
}

/** As it is mostly used: yes or no, and it stops at the first rule that matches. */
export const caslCan: Adapter = {
  name: '@casl/ability, only can()',
  needs: '@casl/ability@7.0.1',
  load: async (rules) => {
    const ability = await abilityOf(rules)
    return (request) => () => ({
      allowed: ability.can(request.category, step(request)),
      rules: null,
    })
  },
}

/** Rules that forbid come last, where CASL looks first. */
async function abilityOf(rules: readonly BenchRule[]): Promise<Ability> {
  const { createMongoAbility }: Casl = await peer('@casl/ability')
  const allows = rules.filter(({ effect }) => effect === 'allow')
  const denies = rules.filter(({ effect }) => effect === 'deny')
  return createMongoAbility([...allows, ...denies].map(rawRule), {
    detectSubjectType: () => 'step',
  })
}

function rawRule({ effect, categories, host, path, amount, domains, role, id }: BenchRule) {
  const suffix = host?.startsWith('*') ? host.slice(1) : null
  const conditions = {
    ...(host === null ? {} : { host: suffix === null ? host : { $regex: ending(suffix) } }),
    ...(path === null ? {} : { path: { $regex: glob(path) } }),
    ...(amount === null
      ? {}
      : { amount: effect === 'allow' ? { $lte: amount, $gte: 0 } : { $gte: amount } }),
    ...(domains === null ? {} : { domain: { $in: domains } }),
    ...(role === null ? {} : { role }),
  }
  const some = Object.keys(conditions).length > 0
  return {
    action: categories,
    subject: 'step',
    inverted: effect === 'deny',
    reason: id,
    ...(some ? { conditions } : {}),
  }
}

function ending(text: string): RegExp {
  return new RegExp(`${text.replaceAll('.', '\\.')}$`)
}

function glob({ area, edit }: NonNullable<BenchRule['path']>): RegExp {
  return new RegExp(`^${area}/${edit ? '[^/]*/edit$' : ''}`)
}
