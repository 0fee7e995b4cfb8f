import { DAY } from './duration.ts'
import type { Policy } from './policy.ts'
import { indexRules } from './rule-index.ts'

/** In force while there has never been a good policy: every execute step waits for a person. */
export const holdEverything: Policy = {
  mode: 'enforce',
  scope: null,
  sites: null,
  siteGlobs: null,
  sideEffects: [],
  rules: [],
  ruleModes: false,
  approvers: {},
  holds: { expireMs: 600_000 },
  audit: { keepMs: 90 * DAY },
  notes: [],
  broken: 'There is no valid policy yet, so a person decides about everything',
  index: indexRules([]),
}
