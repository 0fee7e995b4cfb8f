import type { Meaning } from './meanings.ts'

/** What looks at more than one step: counts, money, likeness, errors. */
export const limitMeanings: Readonly<Record<string, Meaning>> = {
  limits: [
    'Rates over everything of one kind, whichever rules let it go. Used up, further steps wait as a batch.',
    '[{ max: 100/hour, by: site, on: { capability: send } }]',
  ],
  'limits.max': ['How many in a window, or in a run.', '[100/hour, 500/day]'],
  'limits.by': ['What is counted apart; one count for everything without it.', 'site'],
  'limits.on': ['What a step has to be to count, as in a rule’s `on`.', '{ capability: send }'],
  'limits.tell': ['Words for the agent, once it is used up.', 'The hourly limit is used up.'],
  'limits.suggest': ['What the agent can do instead.', 'Go on with the drafts.'],
  ceilings: [
    'Most execute steps, those that people approved included. Raising one needs other words in `evidence`.',
    '{ run: 50, hour: 100, evidence: "two weeks in shadow, 3 of 812 would have been wrong" }',
  ],
  'ceilings.run': ['Most steps of one run.', '50'],
  'ceilings.hour': ['Most steps in an hour, over all runs.', '100'],
  'ceilings.day': [
    'Most steps in a day: one number, or by capability and category.',
    '{ all: 400, capability: { send: 50 } }',
  ],
  'ceilings.day.all': ['Most steps in a day.', '400'],
  'ceilings.day.capability': ['Most steps in a day, by capability.', '{ send: 50 }'],
  'ceilings.day.category': ['Most steps in a day, by category.', '{ deletion: 20 }'],
  'ceilings.budget': ['Most money, by capability.', '{ transact: 2000 USD/day }'],
  'ceilings.evidence': [
    'Why the ceilings are as high as they are.',
    'two weeks in shadow, 3 of 812 would have been wrong',
  ],
  duplicates: [
    'Holds what is nearly the same as earlier steps, over runs, agents and restarts: same site, recipient and amount, text nearly the same.',
    '{ within: 1h, max: 3 }',
  ],
  'duplicates.within': ['How far back it looks; `1h` without it.', '1h'],
  'duplicates.max': [
    'The step of this number waits, as does each one after it: with 3, two go.',
    '3',
  ],
  breaker: [
    'Opens on errors. While it is open everything waits for a person; only a person closes it, with a reason.',
    '{ errors: 5%, of_last: 50, at_least: 20 }',
  ],
  'breaker.errors': ['So many errors, or such a share of them.', '5%'],
  'breaker.of_last': ['Of how many of the last steps.', '50'],
  'breaker.at_least': ['It never opens on fewer steps than this.', '20'],
  'breaker.within': ['Only steps of this long ago count.', '1d'],
  'breaker.per': [
    'Whether it opens for everything, for the rule or for the site alone.',
    '[rule, site]',
  ],
  'breaker.counts': ['What counts as an error.', '[denied, undone, failed]'],
}
