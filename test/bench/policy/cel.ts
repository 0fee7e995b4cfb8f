import { celEnv, parse, plan } from '@bufbuild/cel'
import { type Adapter, byEffect, linearly } from './engine.ts'
import { peer } from './peers.ts'
import { type BenchRequest, type BenchRule, further, step } from './rules.ts'

/** Three libraries for the same language: one expression for each rule, parsed once, one after the
 * other. */

/** A rule in CEL, without anything that one of the three lacks. */
function source(
  { effect, categories, host, path, amount, domains, role }: BenchRule,
  functions: boolean,
): string {
  const suffix = host?.startsWith('*') ? host.slice(2) : null
  const words = (list: readonly string[]) => `[${list.map((word) => `"${word}"`).join(', ')}]`
  return [
    `category in ${words(categories)}`,
    host !== null &&
      (suffix === null
        ? `host == "${host}"`
        : functions
          ? `host.endsWith(".${suffix}")`
          : `parent == "${suffix}"`),
    path && (functions ? `path.startsWith("${path.area}/")` : `area == "${path.area}"`),
    path?.edit && (functions ? 'path.endsWith("/edit")' : 'edit'),
    role && `role == "${role}"`,
    amount !== null &&
      (effect === 'allow' ? `amount >= 0.0 && amount <= ${amount}.0` : `amount >= ${amount}.0`),
    domains && `domain in ${words(domains)}`,
  ]
    .filter(Boolean)
    .join(' && ')
}

type Variables = Record<string, string | number | boolean>

type Evaluate = (variables: Variables) => unknown

function linear(
  rules: readonly BenchRule[],
  compile: (rule: BenchRule) => Evaluate,
  facts: (request: BenchRequest) => Variables = step,
) {
  const both = byEffect(rules, compile)
  return (request: BenchRequest) => () => {
    const input = facts(request)
    return linearly(both, (evaluate) => evaluate(input) === true)
  }
}

/** The library behind our own `if:`, without our index. */
export const bufbuildCel: Adapter = {
  name: '@bufbuild/cel, linear',
  needs: null,
  load: (rules) => {
    const env = celEnv()
    return linear(rules, (rule) => plan(env, parse(source(rule, true))))
  },
}

interface MarcbachmannCel {
  Environment: new () => {
    registerVariable(name: string, type: string): void
    parse(source: string): Evaluate
  }
}

export const marcbachmannCel: Adapter = {
  name: '@marcbachmann/cel-js, linear',
  needs: '@marcbachmann/cel-js@8.0.0',
  load: async (rules) => {
    const { Environment }: MarcbachmannCel = await peer('@marcbachmann/cel-js')
    const env = new Environment()
    for (const name of ['host', 'path', 'category', 'role', 'domain'])
      env.registerVariable(name, 'string')
    env.registerVariable('amount', 'double')
    return linear(rules, (rule) => env.parse(source(rule, true)))
  },
}

interface CelJs {
  parse(source: string): { isSuccess: boolean; cst: object }
  evaluate(cst: object, variables: Variables): unknown
}

/** It has neither `startsWith` nor `endsWith`, so it is told the parts of host and path. */
export const celJs: Adapter = {
  name: 'cel-js, linear',
  needs: 'cel-js@0.8.2',
  load: async (rules) => {
    const library: CelJs = await peer('cel-js')
    const compile = (rule: BenchRule): Evaluate => {
      const { isSuccess, cst } = library.parse(source(rule, false))
      if (!isSuccess) throw new Error(`cel-js does not parse ${source(rule, false)}`)
      return (input) => library.evaluate(cst, input)
    }
    return linear(rules, compile, further)
  },
}
