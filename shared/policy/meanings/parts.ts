import type { Meaning } from './meanings.ts'

/** The words at the top of the file, and below them those that are neither rules nor limits. */
export const partMeanings: Readonly<Record<string, Meaning>> = {
  version: ['The version of this file’s language.', '1'],
  mode: [
    '`enforce`: decisions bind. `shadow`: nothing executes, all is recorded. `observe`: everything executes, all is recorded. A site’s or rule’s own mode goes before it.',
    'shadow',
  ],
  phase: [
    '`assisted`: a person decides every execute step. `selective`: only rules for what can be undone, or that have been earned, allow. `expanded`: every allow rule does.',
    'selective',
  ],
  scope: [
    'What the agent is for, in plain words; shown wherever the agent is named.',
    'Create and update tasks. No mail. No deletes.',
  ],
  sites: [
    'Where an agent acts, and nowhere else. Without it, sites set no limit.',
    '["https://crm.example.com/**", { url: "https://mail.example.com/**", mode: shadow }]',
  ],
  'sites.url': ['A URL pattern.', 'https://mail.example.com/**'],
  'sites.mode': ['A mode of its own.', 'shadow'],
  'sites.until': ['The last day of that mode, in UTC; then decisions bind.', '2027-01-31'],
  side_effects: [
    'Addresses at which a plain GET changes something: such a request is held like a POST.',
    '["https://crm.example.com/**/delete"]',
  ],
  sandbox: [
    'Production origins, each with its staging origin. Steps are executed on staging alone; a person promotes a reviewed batch, and each step of it may happen once on production, on the same terms.',
    '{ "https://crm.example.com": "https://staging.crm.example.com" }',
  ],
  approvers: [
    'Who has to approve, by category: a role, or steps by amount, of which the highest that applies counts. Nobody approves a run that they started.',
    '{ financial: [{ role: account-owner }, { above: 500 USD, role: finance-lead, people: 2 }] }',
  ],
  'approvers.above': ['The step applies to more than this.', '500 USD'],
  'approvers.role': ['The role that has to approve.', 'finance-lead'],
  'approvers.people': ['How many different people have to.', '2'],
  people: [
    'Who has which role: a list, or the file that holds it. With it, only those who have the role may approve.',
    '[{ name: ana, roles: [account-owner, finance-lead] }]',
  ],
  'people.name': ['The name of the person’s token.', 'ana'],
  'people.roles': ['The roles that the person has.', '[account-owner]'],
  'people.file': ['A YAML file with the list, beside the policy.', 'people.yaml'],
  context: [
    'Facts that a page cannot know, by provider; in conditions `context.NAME.FACT`. A provider that fails leaves its facts unknown, and what needs them holds.',
    '{ account: { file: accounts.json, key: "{field.Account}", gives: { under_review: bool } } }',
  ],
  'context.gives': [
    'The facts it gives, each with its type.',
    '{ under_review: bool, plan: string }',
  ],
  'context.timeout': ['How long it may take.', '2s'],
  'context.cache': ['For how long its answer counts.', '5m'],
  'context.file': ['A JSON file beside the policy.', 'accounts.json'],
  'context.key': [
    'Which entry of the file: the facts of the account, the caller, the host.',
    '"{field.Account}"',
  ],
  'context.http': [
    'An address that answers with the facts as JSON.',
    'https://crm.example.com/api/accounts/{field.Account}',
  ],
  'context.auth': [
    'Where its Authorization header comes from: an environment variable.',
    'env:CRM_TOKEN',
  ],
  'context.code': ['A function that the companion was given in code, by its name.', 'quota'],
  undo: [
    'Recipes by which a program takes something back; a rule names one in `undo.recipe`.',
    '{ reopen-task: { url: "{page.url}", steps: [{ click: Reopen }, { expect: Open }], within: 30d } }',
  ],
  'undo.url': ['Where it begins.', '"{page.url}"'],
  'undo.steps': [
    'What to do there, in order.',
    '[{ click: { role: button, name: Reopen } }, { expect: Open }]',
  ],
  'undo.steps.open': ['Opens an address.', 'https://crm.example.com/trash'],
  'undo.steps.click': [
    'Clicks a control, by its name, or by role and name.',
    '{ role: button, name: Restore }',
  ],
  'undo.steps.click.role': ['Its role.', 'button'],
  'undo.steps.click.name': ['Its name.', 'Restore'],
  'undo.steps.fill': ['Types into a field.', '{ label: Reason, value: taken back }'],
  'undo.steps.fill.label': ['The field’s label.', 'Reason'],
  'undo.steps.fill.value': ['The text.', 'taken back'],
  'undo.steps.choose': ['Chooses in a list.', '{ label: Status, value: Open }'],
  'undo.steps.choose.label': ['The list’s label.', 'Status'],
  'undo.steps.choose.value': ['The entry.', 'Open'],
  'undo.steps.press': ['Presses a key.', 'Enter'],
  'undo.steps.expect': [
    'Text that has to be on the page then; else the recipe has failed.',
    'Open',
  ],
  'undo.within': ['For how long it can be undone.', '30d'],
  'undo.sandbox': [
    'Where it is tried out; without it, the staging host of `url`.',
    'https://staging.crm.example.com/tasks/1',
  ],
  review: [
    'When people look at this policy again. A review that is due is shown until a person closes it with a note.',
    '{ every: 90d, after: incident }',
  ],
  'review.every': ['How often; `90d` without it.', '90d'],
  'review.after': ['Also after this.', 'incident'],
  'review.role': ['The role that closes it.', 'account-owner'],
  holds: ['How long what is held waits.', '{ expire: 10m, batch: 1d }'],
  'holds.expire': ['How long a hold waits for a person; `10m` without it.', '10m'],
  'holds.batch': [
    'How long a hold waits that a used-up limit put into a batch; `1d` without it.',
    '1d',
  ],
  audit: ['How the log is kept.', '{ keep: 180d }'],
  'audit.keep': ['For how long; `90d` without it.', '180d'],
  'audit.acknowledge_short': ['Less than 90 days is meant.', 'true'],
}
