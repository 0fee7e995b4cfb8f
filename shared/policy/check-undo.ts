import type { Path, Report } from './check.ts'
import { checkTemplate } from './check-context.ts'
import { hint } from './did-you-mean.ts'
import type { PolicyFile, RuleEntry } from './schema.ts'
import type { Act } from './schema-limits.ts'

/** A rule's way back: where it is, and whether it can be tried out. */
export function checkUndo(file: PolicyFile, rule: RuleEntry, at: Path, { problem }: Report): void {
  const { undo } = rule
  if (undo === undefined) return
  if (undo.path === undefined && undo.recipe === undefined)
    problem(
      [...at, 'undo'],
      'no-way-back',
      '`undo` needs `path`, where to click in words, or `recipe`, one of the policy’s `undo`',
    )
  if (undo.recipe !== undefined && !Object.hasOwn(file.undo, undo.recipe)) {
    const known = Object.keys(file.undo)
    const message =
      known.length === 0
        ? `there is no recipe \`${undo.recipe}\`; write it under \`undo\` of the policy`
        : `there is no recipe \`${undo.recipe}\`${hint(undo.recipe, known) || `; expected one of ${known.join(', ')}`}`
    problem([...at, 'undo', 'recipe'], 'unknown-recipe', message)
  }
  if (undo.verified === undefined) return
  if (undo.recipe === undefined)
    problem(
      [...at, 'undo', 'verified'],
      'no-recipe',
      '`verified` needs `recipe`: only a recipe can be tried out',
    )
  if (rule.effect !== 'allow')
    problem(
      [...at, 'undo', 'verified'],
      'only-allow',
      `\`verified\` is for allow rules, and this is a ${rule.effect} rule`,
    )
}

/** Recipes: an address that is one, and names that something defines. */
export function checkRecipes({ undo, rules }: PolicyFile, report: Report): void {
  const used = new Set(rules.map((rule) => rule.undo?.recipe))
  for (const [name, recipe] of Object.entries(undo)) {
    const at = ['undo', name]
    checkTemplate(recipe.url, 'page', [...at, 'url'], report)
    if (recipe.sandbox !== undefined)
      checkTemplate(recipe.sandbox, 'page', [...at, 'sandbox'], report)
    recipe.steps.forEach((act, index) => {
      const step = [...at, 'steps', index]
      if ('open' in act) checkTemplate(act.open, 'page', [...step, 'open'], report)
      else
        for (const [word, text] of textsOf(act))
          checkTemplate(text, 'value', [...step, ...word], report)
    })
    if (!used.has(name))
      report.note(
        at,
        'unused',
        `no rule names recipe \`${name}\`; add \`undo: { recipe: ${name} }\``,
      )
  }
}

function textsOf(act: Exclude<Act, { open: string }>): [word: string[], text: string][] {
  if ('press' in act) return [[['press'], act.press]]
  if ('expect' in act) return [[['expect'], act.expect]]
  if ('click' in act) return [[['click'], act.click.name]]
  const [word, { label, value }] = 'fill' in act ? ['fill', act.fill] : ['choose', act.choose]
  return [
    [[word, 'label'], label],
    [[word, 'value'], value],
  ]
}
