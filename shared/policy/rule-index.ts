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
  /** What was found for the hosts of late; only ever what the maps above say. */
  readonly found: Map<string, Found>
}

/** Most hosts that `found` remembers: agents work on few, and a page can make up any number. */
const FOUND_LIMIT = 1000

/** Lists of rules by effect, capability and category, as `slotOf` counts; each in order of id. */
export type Shelf = readonly (readonly Rule[] | undefined)[]
type Filling = (Rule[] | undefined)[]

/** The shelves of one or more hosts, and by slot what they have together, once it has been asked for. */
interface Found {
  readonly shelves: readonly Shelf[]
  readonly merged: (readonly Rule[] | undefined)[]
}

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
  return { exact, suffix, anywhere, addressed, found: new Map() }
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
  readonly page: Found
  /** By the host of any address: what restricts may fit any of them. */
  readonly touched: Found
  /** Where those about its twin on production stand. */
  readonly twin: Shelves | null
}

/** Looks up every host of the action once, for rules of all effects. */
export function shelvesFor(index: RuleIndex, subject: Subject): Shelves {
  const { c, page, addresses } = subject
  const slot = slotOf(c.capability, c.category)
  const twin = subject.twin && shelvesFor(index, subject.twin)
  const found = ofHost(index, page)
  if (index.addressed.length === 0 || (addresses.length === 1 && page.kind !== 'opaque'))
    return { slot, page: found, touched: found, twin }
  const shelves = new Set(found.shelves)
  for (const to of addresses) {
    if (to.kind === 'opaque') shelves.add(index.addressed)
    else if (to !== page) for (const shelf of ofHost(index, to).shelves) shelves.add(shelf)
  }
  return { slot, page: found, touched: { shelves: [...shelves], merged: [] }, twin }
}

function ofHost(index: RuleIndex, to: Address): Found {
  const host = to.kind === 'web' ? to.host : ''
  const known = index.found.get(host)
  if (known !== undefined) return known
  const found = { shelves: shelvesOf(index, host), merged: [] }
  if (index.found.size >= FOUND_LIMIT) index.found.clear()
  index.found.set(host, found)
  return found
}

/** The empty host has the rules about any host alone. */
function shelvesOf({ exact, suffix, anywhere }: RuleIndex, host: string): Shelf[] {
  const shelves = [anywhere, exact.get(host)]
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1))
    shelves.push(suffix.get(host.slice(dot + 1)))
  return shelves.filter((shelf) => shelf !== undefined)
}

/** Rules of one effect whose host, capability and category may fit the action; capability and
 * category do. Each once, in order of id. */
export function candidates(shelves: Shelves, effect: RuleEffect): readonly Rule[] {
  const { shelves: all, merged } = effect === 'allow' ? shelves.page : shelves.touched
  const slot = shelves.slot + EFFECTS[effect]
  const known = merged[slot]
  if (known !== undefined) return known
  const lists = all.flatMap((shelf) => shelf[slot] ?? [])
  const rules = [...new Set(lists)].sort((a, b) => (a.id < b.id ? -1 : 1))
  merged[slot] = rules
  return rules
}
