import { DAY } from './duration.ts'
import type { Policy } from './policy.ts'
import { indexRules } from './rule-index.ts'

/** In force while there has never been a good policy: every execute step waits for a person. */
export const holdEverything: Policy = {
  mode: 'enforce',
  phase: 'expanded',
  scope: null,
  sites: null,
  siteGlobs: null,
  sideEffects: [],
  rules: [],
  byId: new Map(),
  restrains: false,
  ruleModes: false,
  limits: [],
  ceilings: {
    run: null,
    hour: null,
    day: { all: null, capability: new Map(), category: new Map() },
    budgets: new Map(),
    evidence: null,
  },
  duplicates: null,
  breaker: null,
  sandbox: new Map(),
  approvers: {},
  people: null,
  peopleFile: null,
  context: new Map(),
  undo: new Map(),
  review: null,
  holds: { expireMs: 600_000, batchMs: DAY },
  audit: { keepMs: 90 * DAY },
  notes: [],
  broken: 'There is no valid policy yet, so a person decides about everything',
  index: indexRules([]),
}
