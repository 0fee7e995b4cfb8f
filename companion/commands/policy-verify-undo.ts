import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import { didYouMean } from '#shared/policy/did-you-mean.ts'
import { valuesFrom } from '#shared/policy/fill-template.ts'
import { load } from '#shared/policy/load.ts'
import type { Policy, Recipe } from '#shared/policy/policy.ts'
import { showProblem } from '#shared/policy/problem.ts'
import { readPolicy } from '../server/watch-policy.ts'
import { runRecipe } from '../undo/run-recipe.ts'
import { Stopped } from '../undo/stopped.ts'
import { type Trial, trialRecipe } from '../undo/trial-recipe.ts'
import { action, type CommonFlags, homeOption, jsonOption, print } from './action.ts'
import { findOrInstallBrowser } from './doctor.ts'
import { exits, Failure } from './failure.ts'
import { homeOf } from './home.ts'
import { policyInUse, stampTrial } from './stamp-trial.ts'

interface Flags extends CommonFlags {
  policy?: string
  sandbox?: string
  set: ReadonlyMap<string, string>
  window?: true
}

/** `holdpoint policy verify-undo NAME`: tries an undo recipe out, where nothing is in production. */
export function addVerifyUndo(policy: Command): void {
  policy
    .command('verify-undo')
    .description('try an undo recipe out on a sandbox, and note the date where it works')
    .argument('<NAME>', 'a recipe of the policy’s `undo`')
    .option('--sandbox <url>', 'where to try it; without it the recipe’s or the policy’s `sandbox`')
    .option(
      '--set <name=value>',
      'a value for `{name}` in the recipe; may be repeated',
      setting,
      new Map(),
    )
    .option('--policy <file>', 'policy file; without it the one in use')
    .option(
      '--window',
      'show the browser, to sign in where that is needed; it keeps what it is told',
    )
    .addOption(homeOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Exit codes: 0 it works, 1 it does not, 2 wrong usage, 3 no browser, 4 no policy

Examples:
  $ holdpoint policy verify-undo restore-task
  $ holdpoint policy verify-undo restore-task --sandbox https://staging.example.com/trash --set 'target.row=Call Ann'`,
    )
    .action(action(verify))
}

async function verify(name: string, flags: Flags): Promise<void> {
  const home = homeOf(flags.home)
  const file = await policyInUse(home, flags.policy)
  const loaded = policyOf(file)
  const recipe = recipeOf(loaded, name)
  const trial = trialOf(loaded, recipe, flags)
  const found = await findOrInstallBrowser()
  if (!found.ok) throw new Failure('noBrowser', found.error.code, found.error.message)
  const profile = join(home, 'trial-profile')
  mkdirSync(profile, { recursive: true, mode: 0o700 })
  const { url } = trial.recipe
  const say = (line: string) => void (flags.json || process.stdout.write(`${line}\n`))
  say(`trying \`${name}\` on ${url.origin}`)
  const outcome = await runRecipe(trial.recipe, {
    ...{ browser: found.browser, profile, headless: flags.window !== true },
    forbidden: trial.forbidden,
    done: (step) => say(`  ok  ${step}`),
  })
  const { ok, did, why } = outcome
  if (why !== null) say(`  --  ${why}`)
  const stamp = { recipe: name, text: recipe.text, ok, url: url.href, did: [...did], why }
  const audit = await stampTrial(home, flags.policy, stamp)
  print(flags, { ok, recipe: name, sandbox: url.href, did, why, audit }, () => [
    ok
      ? `\`${name}\` works; noted as ${audit}`
      : `\`${name}\` does not work; rules that need it verified hold what they would allow (${audit})`,
  ])
  if (!ok) process.exitCode = exits.failedCheck
}

function policyOf(file: string): Policy {
  const text = readPolicy(file)
  if (text === null)
    throw new Failure('setUp', 'no_policy', `the policy \`${file}\` cannot be read`)
  const loaded = load(text)
  if (loaded.ok) return loaded.policy
  const problems = loaded.problems.map((problem) => showProblem(text, problem, file))
  throw new Failure('failedCheck', 'policy_invalid', problems.join('\n'))
}

function recipeOf({ undo }: Policy, name: string): Recipe {
  const recipe = undo.get(name)
  if (recipe) return recipe
  const near = didYouMean(name, undo.keys())
  const instead = near === undefined ? [...undo.keys()].join(', ') || 'none' : `\`${near}\``
  throw new Failure(
    'usage',
    'recipe_unknown',
    `the policy has no undo recipe \`${name}\`; ${near === undefined ? 'it has' : 'did you mean'} ${instead}`,
  )
}

function trialOf(policy: Policy, recipe: Recipe, { sandbox, set }: Flags): Trial {
  try {
    return trialRecipe(policy, recipe, valuesFrom(set), sandbox)
  } catch (error) {
    if (error instanceof Stopped) throw new Failure('failedCheck', 'no_trial', error.message)
    throw error
  }
}

function setting(text: string, before: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('Expected NAME=VALUE.')
  return new Map([...before, [text.slice(0, at), text.slice(at + 1)]])
}
