import type { Meaning } from './meanings.ts'

/** `rules`: what is allowed, held and denied. */
export const ruleMeanings: Readonly<Record<string, Meaning>> = {
  rules: [
    'What is allowed, held and denied. Deny wins over hold, hold over allow; the order never matters, and what no rule allows is held.',
    '[{ id: tasks, effect: allow, on: { capability: update, url: "https://crm.example.com/tasks/**" } }]',
  ],
  'rules.id': [
    'The rule’s name: it stands in prompts, in the log and in the agent’s answer.',
    'small-refunds',
  ],
  'rules.effect': ['What becomes of a step that matches.', 'allow'],
  'rules.on': [
    'What a step has to be; all that is named has to fit. Without it, any execute step.',
    '{ capability: update }',
  ],
  'rules.if': [
    'A condition in CEL (https://cel.dev) beyond the plain fields. One that cannot be evaluated counts as matched in hold and deny rules and as not matched in allow rules.',
    'terms.rows > 10',
  ],
  'rules.undo': [
    'The way back, and for how long it is open.',
    '{ path: "Task > Delete", within: 30d }',
  ],
  'rules.undo.path': [
    'In words, where to click. Needed unless there is a `recipe`.',
    'Task > Delete',
  ],
  'rules.undo.within': ['For how long it can be undone.', '30d'],
  'rules.undo.recipe': [
    'One of the policy’s `undo` recipes, which a program can carry out.',
    'reopen-task',
  ],
  'rules.undo.verified': [
    'How old the recipe’s last successful trial may be (`holdpoint policy verify-undo`). Older, or never tried: the step is held.',
    '30d',
  ],
  'rules.limit': [
    'How many steps the rule lets go in a window, or in a run. Used up, the rule does not allow: further steps wait together, as a batch.',
    '[25/hour, 50/run]',
  ],
  'rules.budget': ['How much money the rule lets go in a window, or in a run.', '2000 USD/day'],
  'rules.earned': [
    'The rule stays a hold until people have reviewed enough of what it would allow, and becomes one again after an error or when its terms change.',
    '{ reviews: 200, errors: 0 }',
  ],
  'rules.earned.reviews': [
    'How many clean reviews: approved, unchanged, not failed, not undone.',
    '200',
  ],
  'rules.earned.errors': ['How many errors are forgiven: denials, failures, undos.', '1'],
  'rules.earned.promote': [
    '`auto`: it allows by itself then. `propose`: a person has to accept it (`holdpoint policy accept`).',
    'propose',
  ],
  'rules.earned.within': ['Only reviews of this long ago count.', '90d'],
  'rules.acknowledge': [
    'Never-collapse categories that this rule means to automate: without it, communication, financial and deletion steps are not allowed. Personnel and legal can never be.',
    '[financial]',
  ],
  'rules.mode': ['A mode of its own for what this rule decides.', 'observe'],
  'rules.until': [
    'The last day of the rule, in UTC; of a hold or deny rule with a mode, the last day of that mode.',
    '2027-01-31',
  ],
  'rules.tell': [
    'Words for the agent, where the step is held or denied.',
    'Bulk deletes are done by the data team.',
  ],
  'rules.suggest': ['What the agent can do instead.', 'Save it as a draft.'],
  'rules.why': [
    'Words for people: why there is this rule.',
    'the agent has no mandate above 500 USD',
  ],
}
