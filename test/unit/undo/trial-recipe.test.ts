import { describe, expect, it } from 'vitest'
import { fillRecipe } from '#companion/undo/fill-recipe.ts'
import { trialRecipe } from '#companion/undo/trial-recipe.ts'
import { valuesFrom, valuesOf } from '#shared/policy/fill-template.ts'
import { act, policyOf } from '../policy/arbitrary.ts'

const LIVE = 'https://crm.example.com'
const STAGING = 'https://staging.crm.example.com'

function policy(recipe: string, sandbox = `{ ${LIVE}: ${STAGING} }`) {
  const made = policyOf(`version: 1
sandbox: ${sandbox}
undo:
  restore: ${recipe}
rules:
  - { id: tasks, effect: allow, on: { capability: update }, undo: { recipe: restore } }
`)
  const restore = made.undo.get('restore')
  if (!restore) throw new Error('no recipe')
  return { made, restore }
}

function trial(
  recipe: string,
  asked?: string,
  given: Record<string, string> = {},
  sandbox?: string,
) {
  const { made, restore } = policy(recipe, sandbox)
  const values = valuesFrom(new Map(Object.entries(given)))
  return trialRecipe(made, restore, values, asked)
}

const steps = 'steps: [{ click: Undo }]'

describe('where a recipe is tried out', () => {
  it('is the staging host of its address', () => {
    const { recipe, forbidden } = trial(`{ url: "${LIVE}/trash?a=1#b", ${steps} }`)
    expect(recipe.url.href).toBe(`${STAGING}/trash?a=1#b`)
    expect(forbidden).toEqual([LIVE])
  })

  it('is the sandbox of the recipe, then the one that is asked for; an origin keeps the path', () => {
    const recipe = `{ url: ${LIVE}/trash, sandbox: "https://demo.example.com/", ${steps} }`
    expect(trial(recipe).recipe.url.href).toBe('https://demo.example.com/trash')
    expect(trial(recipe, 'http://localhost:8080').recipe.url.href).toBe(
      'http://localhost:8080/trash',
    )
    expect(trial(recipe, 'http://localhost:8080/x?y').recipe.url.href).toBe(
      'http://localhost:8080/x?y',
    )
  })

  it('takes every page that the recipe opens along', () => {
    const { recipe } = trial(
      `{ url: ${LIVE}/a, steps: [{ open: ${LIVE}/b }, { open: /c }, { click: Undo }] }`,
    )
    expect(recipe.steps.slice(0, 2)).toEqual([{ open: `${STAGING}/b` }, { open: `${STAGING}/c` }])
  })

  it.each<[string, string, string?]>([
    ['an address in production', `{ url: ${LIVE}/trash, ${steps} }`, `${LIVE}/trash`],
    ['its own sandbox in production', `{ url: ${LIVE}/trash, sandbox: ${LIVE}/, ${steps} }`],
  ])('is never %s', (_, recipe, asked) => {
    expect(() => trial(recipe, asked)).toThrow('in production')
  })

  it('has to be somewhere', () => {
    expect(() => trial(`{ url: https://other.test/, ${steps} }`)).toThrow('--sandbox')
    expect(() => trial(`{ url: "{page.url}", ${steps} }`)).toThrow('--sandbox')
    expect(trial(`{ url: "{page.url}", ${steps} }`, `${STAGING}/x`).recipe.url.href).toBe(
      `${STAGING}/x`,
    )
  })

  it('needs the values of the recipe', () => {
    const recipe = `{ url: "${LIVE}/trash?q={target.row}", steps: [{ click: "Restore {field.Task Title}" }] }`
    expect(() => trial(recipe)).toThrow('target.row')
    const { recipe: filled } = trial(recipe, undefined, {
      'target.row': 'a&b',
      'field.task title': 'Call',
    })
    expect(filled.url.href).toBe(`${STAGING}/trash?q=a%26b`)
    expect(filled.steps).toEqual([{ click: { role: undefined, name: 'Restore Call' } }])
  })
})

describe('a recipe’s values', () => {
  it('come from the action, as values and nothing else', () => {
    const { restore } = policy(
      `{ url: "${LIVE}/tasks/{field.Id}", steps: [{ fill: { label: Find, value: "{target.row}" } }] }`,
    )
    const { descriptor } = act({ fields: { Id: '../admin?x=1#y' }, row: '{run.id}' })
    const filled = fillRecipe(restore, valuesOf(descriptor))
    expect(filled.url.href).toBe(`${LIVE}/tasks/..%2Fadmin%3Fx%3D1%23y`)
    expect(filled.steps).toEqual([{ fill: { label: 'Find', value: '{run.id}' } }])
  })

  it.each(['.', '..'])('cannot climb out of its path by %s', (row) => {
    const { restore } = policy(`{ url: "${LIVE}/tasks/{target.row}", ${steps} }`)
    expect(() => fillRecipe(restore, valuesOf(act({ row }).descriptor))).toThrow('target.row')
  })

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'about:blank'])(
    'cannot make it open %s',
    (url) => {
      const { restore } = policy(`{ url: "{page.url}", ${steps} }`)
      expect(() => fillRecipe(restore, valuesOf(act({ url }).descriptor))).toThrow('no address')
    },
  )
})
