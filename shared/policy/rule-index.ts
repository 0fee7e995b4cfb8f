import { Capability, Category } from '#shared/protocol/words.ts'
import type { Address } from './address.ts'
import type { Rule, RuleEffect } from './policy.ts'
import type { Subject } from './subject.ts'

/** Rules by host, then by effect, capability and category, so that the cost of a decision hardly
 * grows with the number of rules. */
export interface RuleIndex {
  readonly exact: ReadonlyMap<string, Shelf>
  readonly suffix: ReadonlyMap<string, Shelf>
  /** Rules about any host. */
  readonly anywhere: Shelf
  /** Every rule with a `url`, for addresses that do not tell their host. */
  readonly addressed: Shelf
}

/** Lists of rules by effect, capability and category, as `slotOf` counts; each in order of id. */
export type Shelf = readonly (readonly Rule[] | undefined)[]
type Filling = (Rule[] | undefined)[]

export function indexRules(rules: readonly Rule[]): RuleIndex {
  const exact = new Map<string, Filling>()
  const suffix = new Map<string, Filling>()
  const anywhere: Filling = []
  const addressed: Filling = []
  for (const rule of rules.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    put(rule.urls.length === 0 ? anywhere : addressed, rule)
    for (const { host } of rule.urls)
      if ('exact' in host) put(under(exact, host.exact), rule)
      else if (host.suffix === '') put(anywhere, rule)
      else put(under(suffix, host.suffix), rule)
  }
  return { exact, suffix, anywhere, addressed }
}

function under(map: Map<string, Filling>, host: string): Filling {
  const known = map.get(host) ?? []
  map.set(host, known)
  return known
}

/** Stands for a word outside the vocabulary: only rules that name no word at all are about it. */
const STRANGE = ''
const EFFECTS: Readonly<Record<RuleEffect, number>> = { deny: 0, hold: 1, allow: 2 }
const CAPABILITIES = [STRANGE, ...Capability.options]
const CATEGORIES = [STRANGE, ...Category.options]
const capabilityAt = new Map<string, number>(CAPABILITIES.map((word, i) => [word, i]))
const categoryAt = new Map<string, number>(CATEGORIES.map((word, i) => [word, i]))

/** Where the list of deny rules stands; those of hold and allow rules follow it. */
function slotOf(capability: string, category: string): number {
  const row = capabilityAt.get(capability) ?? 0
  return 3 * (row * CATEGORIES.length + (categoryAt.get(category) ?? 0))
}

/** A rule that names no capability stands under every one, and so with categories. */
function put(slots: Filling, rule: Rule): void {
  const categories = rule.categories.length > 0 ? rule.categories : CATEGORIES
  for (const capability of rule.capabilities.length > 0 ? rule.capabilities : CAPABILITIES)
    for (const category of categories) {
      const slot = slotOf(capability, category) + EFFECTS[rule.effect]
      const rules = slots[slot]
      if (rules === undefined) slots[slot] = [rule]
      else if (rules[rules.length - 1] !== rule) rules.push(rule)
    }
}

/** Where the rules about one action stand. */
export interface Shelves {
  readonly slot: number
  /** By the document's host: what grants has to fit the document itself. */
  readonly page: readonly Shelf[]
  /** By the host of any address: what restricts may fit any of them. */
  readonly touched: readonly Shelf[]
}

/** Looks up every host of the action once, for rules of all effects. */
export function shelvesFor(index: RuleIndex, { c, page, addresses }: Subject): Shelves {
  const slot = slotOf(c.capability, c.category)
  const found = [index.anywhere]
  if (index.addressed.length === 0) return { slot, page: found, touched: found }
  addHost(found, index, page)
  if (addresses.length === 1 && page.kind !== 'opaque') return { slot, page: found, touched: found }
  const touched = [...found]
  for (const to of addresses) {
    if (to.kind === 'opaque') add(touched, index.addressed)
    else if (to !== page) addHost(touched, index, to)
  }
  return { slot, page: found, touched }
}

function addHost(shelves: Shelf[], index: RuleIndex, to: Address): void {
  if (to.kind !== 'web') return
  const { host } = to
  add(shelves, index.exact.get(host))
  if (index.suffix.size === 0) return
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1))
    add(shelves, index.suffix.get(host.slice(dot + 1)))
}

function add(shelves: Shelf[], shelf: Shelf | undefined): void {
  if (shelf !== undefined && !shelves.includes(shelf)) shelves.push(shelf)
}

const NONE: readonly Rule[] = []

/** Rules of one effect whose host, capability and category may fit the action; capability and
 * category do. A rule with several addresses may come up twice. */
export function candidates(shelves: Shelves, effect: RuleEffect): readonly Rule[] {
  const slot = shelves.slot + EFFECTS[effect]
  let found = NONE
  for (const shelf of effect === 'allow' ? shelves.page : shelves.touched) {
    const rules = shelf[slot]
    if (rules !== undefined) found = found === NONE ? rules : found.concat(rules)
  }
  return found
}
