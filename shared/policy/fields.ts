import { type Address, address } from './address.ts'
import { changedFieldsTest } from './changed-fields.ts'
import { either } from './either.ts'
import type { Test } from './policy.ts'
import type { On } from './schema.ts'
import { requestUrl, type Subject, touches, within } from './subject.ts'
import { termTests } from './term-fields.ts'
import { plainText, textGlob } from './text-glob.ts'
import type { UrlGlob } from './url-glob.ts'

/** Compiles the `on` of a rule, one test for each field. `restricts` is true for hold and deny
 * rules: there, what is not known counts as met; in allow rules it counts as not met. */
export function fieldTests(on: On, restricts: boolean): Test[] {
  const tests = [
    on.capability && words('capability', on.capability, ({ c }) => c.capability, false),
    on.category && words('category', on.category, ({ c }) => c.category, false),
    on.verb && words('verb', on.verb.map(lower), ({ c }) => c.verb?.toLowerCase() ?? '', restricts),
    on.effect && effectTest(on.effect, restricts),
    on.effect === undefined &&
      !restricts &&
      on.reversible === undefined &&
      !on.request &&
      knownEffect,
    on.reversible !== undefined && reversibleTest(on.reversible, restricts),
    on.url && urlTest(on.url, restricts),
    on.request && requestTest(on.request, restricts),
    on.role && words('role', on.role.map(lower), ({ d }) => d.target.role.toLowerCase(), restricts),
    on.name && nameTest(on.name, restricts),
    on.fields && changedFieldsTest(on.fields, restricts),
    on.tag && tagTest(on.tag, restricts),
    on.provenance &&
      words('provenance', on.provenance, ({ d }) => known(d.provenance), restricts, 'unknown'),
    on.door && words('door', on.door, ({ d }) => d.door, false),
    on.gesture && words('gesture', on.gesture, ({ d }) => d.gesture, false),
    ...termTests(on, restricts),
  ]
  return tests.filter((test) => test !== undefined && test !== false)
}

/** An allow rule that says nothing about the effect does not cover an effect nobody could tell; one
 * that names a request's own address says well enough what it means. */
const knownEffect: Test = {
  field: 'effect',
  wants: 'a known effect (or `effect: unknown` in the rule)',
  passes: ({ effect }) => effect !== 'unknown',
  is: ({ effect }) => effect,
}

/** A field with a word in it. The empty word means that nobody knows. */
function words(
  field: string,
  wanted: readonly string[],
  of: (subject: Subject) => string,
  unknownPasses: boolean,
  unknownWord?: string,
): Test {
  const set = new Set(wanted)
  const unknown = unknownPasses || (unknownWord !== undefined && set.has(unknownWord))
  return {
    field,
    wants: `${field} ${either(wanted)}`,
    passes: (subject) => {
      const word = of(subject)
      return word === '' ? unknown : set.has(word)
    },
    is: (subject) => of(subject) || 'unknown',
  }
}

function known(provenance: string): string {
  return provenance === 'unknown' ? '' : provenance
}

function lower(text: string): string {
  return text.toLowerCase()
}

/** In hold and deny rules `irreversible` includes `unknown`: it may be. */
function effectTest(wanted: readonly string[], restricts: boolean): Test {
  const set = new Set(wanted)
  if (restricts && set.has('irreversible')) set.add('unknown')
  return {
    field: 'effect',
    wants: `effect ${either(wanted)}`,
    passes: ({ effect }) => set.has(effect),
    is: ({ effect }) => effect,
  }
}

/** `reversible: true` in an allow rule also wants a way back: the rule's own, which the compiler
 * puts in place of this test's, or one that the classifier found. */
function reversibleTest(wanted: boolean, restricts: boolean): Test {
  const wants = wanted ? 'an effect that can be undone' : 'an effect that cannot be undone'
  const effects = wanted ? ['reversible'] : ['irreversible', ...(restricts ? ['unknown'] : [])]
  return { ...effectTest(effects, restricts), field: 'reversible', wants }
}

/** The second half of `reversible: true` for a rule that names no way back itself. */
export const undoTest: Test = {
  field: 'undo',
  wants: 'a known way to undo it (`undo` in the rule, or found on the page)',
  passes: ({ c }) => c.undo !== undefined,
  is: ({ c }) => c.undo?.path ?? 'none',
}

function urlTest(globs: readonly UrlGlob[], restricts: boolean): Test {
  return {
    field: 'url',
    wants: `address ${either(globs.map(({ text }) => text))}`,
    passes: restricts ? (subject) => touches(globs, subject) : (subject) => within(globs, subject),
    is: ({ d }) => d.page.url,
  }
}

/** The address of a request that is judged by itself; the page it comes from is `url`'s. */
function requestTest(globs: readonly UrlGlob[], restricts: boolean): Test {
  const fits = (to: Address) =>
    globs.some((glob) => (restricts ? glob.lenient(to) : glob.strict(to)))
  return {
    field: 'request',
    wants: `a request to ${either(globs.map(({ text }) => text))}`,
    passes: ({ d }) => {
      const url = requestUrl(d)
      return url !== undefined && fits(address(url, d.page.url))
    },
    is: ({ d }) => (d.request ? `${d.request.method} ${d.request.url}` : 'no request'),
  }
}

function nameTest(globs: readonly string[], restricts: boolean): Test {
  const tests = globs.map((glob) => textGlob(plainText(glob)))
  return {
    field: 'name',
    wants: `name ${either(globs)}`,
    passes: (subject) => {
      const name = subject.name()
      return name === '' ? restricts : tests.some((test) => test(name))
    },
    is: ({ d }) => (d.target.name === '' ? 'unknown' : `"${d.target.name}"`),
  }
}

/** The workflow that the run is for. A run without one is for nobody knows what. */
function tagTest(globs: readonly string[], restricts: boolean): Test {
  const tests = globs.map((glob) => textGlob(plainText(glob)))
  return {
    field: 'tag',
    wants: `a run for ${either(globs.map((glob) => `"${glob}"`))}`,
    passes: ({ d }) => {
      const tag = plainText(d.run?.tag ?? '')
      return tag === '' ? restricts : tests.some((test) => test(tag))
    },
    is: ({ d }) => (d.run?.tag ? `"${d.run.tag}"` : 'a run without a tag'),
  }
}
