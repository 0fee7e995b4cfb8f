import type { Adapter } from './engine.ts'
import { peer } from './peers.ts'
import { type BenchRule, step } from './rules.ts'

interface Enforcer {
  addFunction(name: string, work: (...args: never[]) => boolean): Promise<void>
  addPolicies(rules: string[][]): Promise<boolean>
  enforceSync(step: object): boolean
}
interface Casbin {
  newModelFromString(text: string): object
  newEnforcer(model: object): Promise<Enforcer>
}

const MODEL = `
[request_definition]
r = step
[policy_definition]
p = host, path, categories, amount, domains, role, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = wordIn(r.step.category, p.categories) && hostFits(r.step.host, p.host) && pathFits(r.step.path, p.path) && (p.role == "" || p.role == r.step.role) && amountFits(r.step.amount, p.amount, p.eft) && (p.domains == "" || wordIn(r.step.domain, p.domains))
`

/** One matcher over all rules, by the synchronous call. */
export const casbin: Adapter = {
  name: 'casbin',
  needs: 'casbin@5.51.1',
  load: async (rules) => {
    const { newModelFromString, newEnforcer }: Casbin = await peer('casbin')
    const enforcer = await newEnforcer(newModelFromString(MODEL))
    await enforcer.addFunction('wordIn', wordIn)
    await enforcer.addFunction('hostFits', hostFits)
    await enforcer.addFunction('pathFits', pathFits)
    await enforcer.addFunction('amountFits', amountFits)
    await enforcer.addPolicies(rules.map(line))
    return (request) => () => ({ allowed: enforcer.enforceSync(step(request)), rules: null })
  },
}

function line({ host, path, categories, amount, domains, role, effect }: BenchRule): string[] {
  const glob = path === null ? '' : `${path.area}/${path.edit ? '*/edit' : '**'}`
  const words = (list: readonly string[] | null) => (list === null ? '' : `|${list.join('|')}|`)
  const limit = amount === null ? '' : String(amount)
  return [host ?? '', glob, words(categories), limit, words(domains), role ?? '', effect]
}

function wordIn(word: string, list: string): boolean {
  return list.includes(`|${word}|`)
}

function hostFits(host: string, wanted: string): boolean {
  if (wanted === '') return true
  return wanted.startsWith('*') ? host.endsWith(wanted.slice(1)) : host === wanted
}

function pathFits(path: string, glob: string): boolean {
  if (glob === '') return true
  const star = glob.indexOf('*')
  return path.startsWith(glob.slice(0, star)) && (glob.endsWith('**') || path.endsWith('/edit'))
}

function amountFits(amount: number, limit: string, effect: string): boolean {
  if (limit === '') return true
  if (amount < 0) return false
  return effect === 'allow' ? amount <= Number(limit) : amount >= Number(limit)
}
