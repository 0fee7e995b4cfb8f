import type { Mode } from '#shared/protocol/words.ts'
import { mayCollapse } from './never-collapse.ts'
import type { Policy, Rule, Site } from './policy.ts'
import type { Subject } from './subject.ts'
import { lasts } from './until.ts'

/** By how little executes: nothing, what is decided, everything. */
const CAUTION: Readonly<Record<Mode, number>> = { shadow: 2, enforce: 1, observe: 0 }

/** The mode under which least executes. */
export function mostCautious(modes: readonly Mode[]): Mode | undefined {
  return modes.toSorted((a, b) => CAUTION[b] - CAUTION[a])[0]
}

/** The mode a site has at a time, null where it has none of its own. A trial that has run out does
 * not fall back to observing: it means enforce, or shadow where that is the policy's own mode. */
export function siteMode(policy: Policy, site: Site, now: number): Mode | null {
  if (site.mode === null || lasts(site.until, now)) return site.mode
  return expiredMode(policy.mode)
}

function expiredMode(own: Mode): Mode {
  return mostCautious(['enforce', own]) ?? 'enforce'
}

/** The mode in force where the action happens, before any rule speaks: of the sites that match and
 * have a mode the most cautious one, else the policy's own. On staging the sites of production count
 * where none of its own does. */
export function modeAt(policy: Policy, subject: Subject): Mode {
  if (policy.sites === null) return policy.mode
  const own = sitesMode(policy, policy.sites, subject)
  if (own !== undefined || subject.twin === null) return own ?? policy.mode
  return sitesMode(policy, policy.sites, subject.twin) ?? policy.mode
}

/** A site that loosens has to match the document for certain, one that tightens only perhaps. */
function sitesMode(
  policy: Policy,
  sites: readonly Site[],
  { page, facts }: Subject,
): Mode | undefined {
  let found: Mode | undefined
  for (const site of sites) {
    if (site.mode === null) continue
    const mode = siteMode(policy, site, facts.now) ?? policy.mode
    const tightens = CAUTION[mode] >= CAUTION[policy.mode]
    if (tightens ? site.glob.lenient(page) : site.glob.strict(page))
      found = found === undefined ? mode : mostCautious([found, mode])
  }
  return found
}

/** The mode of the rules that decided: each one's own, or else the mode of the place. A rule in
 * observe mode lets things go ahead, so it needs the acknowledgement that an allow rule needs. */
export function modeOf(rules: readonly Rule[], place: Mode, subject: Subject): Mode {
  return mostCautious(rules.map((rule) => ruleMode(rule, place, subject))) ?? place
}

function ruleMode(rule: Rule, place: Mode, { c, facts }: Subject): Mode {
  if (rule.mode === null) return place
  if (!lasts(rule.until, facts.now)) return expiredMode(place)
  if (rule.mode === 'observe' && !mayCollapse(c.category, rule.acknowledge)) return place
  return rule.mode
}
