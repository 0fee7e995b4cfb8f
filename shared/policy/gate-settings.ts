import type { GateSettings } from '#shared/protocol/link.ts'
import { siteMode } from './mode.ts'
import type { Facts, Policy } from './policy.ts'

/** What a page's gate may know: where observe mode lets the native gesture pass. Of several sites
 * that match, the mode under which least executes counts, as in `decide`. */
export function gateSettings(policy: Policy, facts: Facts): GateSettings {
  const sites = (policy.sites ?? []).flatMap((site) => {
    const mode = siteMode(policy, site, facts.now)
    return mode === null ? [] : [{ url: site.glob.text, mode }]
  })
  return {
    mode: policy.mode,
    policyVersion: facts.policyVersion,
    sites,
    ruleModes: policy.ruleModes,
  }
}
