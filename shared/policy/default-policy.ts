/** The policy that is written at first start. It allows nothing by itself; everything else in it is
 * an example in a comment. */
export const defaultPolicy = `# yaml-language-server: $schema=./holdpoint.schema.json
# Holdpoint policy. Saved changes are in force at once; a mistake keeps the last good version and
# is shown in the dashboard. Check it with: holdpoint policy check
#
# How a decision comes about, whatever the order of the rules:
#   1. reads pass: looking, searching and drafting never ask
#   2. deny rules win over hold rules, hold rules win over allow rules
#   3. what no rule allows is held, and a person decides
version: 1

# enforce: decisions bind.
# shadow:  nothing executes; what would have happened is recorded.
# observe: everything executes; what would have been decided is recorded.
mode: enforce

# How far the roll-out is. assisted: no rule allows anything yet. selective: only rules for what can be
# undone, or that have been earned, allow. expanded: every allow rule does.
# phase: selective

# What the agent is for, in plain words. People see it when they are asked.
# scope: Create and update tasks. No external mail. No deletes.

# Where the agent may act. Once this list is there, an agent acts nowhere else.
# \`*\` stays within one part of a host or path, \`**\` spans any number of them.
# sites:
#   - https://crm.example.com/**
#   - { url: https://mail.example.com/**, mode: shadow, until: 2027-01-31 }

# Addresses at which even a plain GET changes something: such a request is held like a POST.
# side_effects: ["https://crm.example.com/**/delete"]

rules: []

# Remove the \`[]\` above and the \`#\` of a rule to use it.
#
#   # Task changes may go ahead, as long as they can be undone.
#   - id: tasks
#     effect: allow
#     on: { capability: update, url: https://crm.example.com/tasks/**, reversible: true }
#     undo: { path: "Task > Delete", within: 30d }
#
#   # Small refunds. Money never goes by itself unless the rule says so in writing: acknowledge.
#   # An amount that could not be read is above every limit.
#   - id: small-refunds
#     effect: allow
#     on: { capability: transact, verb: refund, amount: { max: 50 USD } }
#     acknowledge: [financial]
#     limit: 25/hour                       # what is above it waits as a batch
#     earned: { reviews: 200, errors: 0 }  # until then a person decides, and that is counted
#
#   # Mail to colleagues, to at most five of them.
#   - id: staff-mail
#     effect: allow
#     on: { capability: send, recipients: ["*@example.com"], recipient_count: { max: 5 } }
#     acknowledge: [communication]
#
#   # Never, and the agent is told why. \`if\` is an expression in CEL (https://cel.dev); what it
#   # cannot know, such as a row count, counts as matched in hold and deny rules.
#   - id: no-bulk-delete
#     effect: deny
#     on: { capability: delete }
#     if: terms.rows > 10
#     tell: Bulk deletes are done by the data team.
#     suggest: List what should go, and stop there.

# Who has to approve, by category: communication, financial, personnel, legal, deletion, other.
# approvers:
#   financial: finance-lead

# Brakes that count, whatever the rules say. Raising a ceiling needs another \`evidence\`.
# ceilings: { run: 50, hour: 100, evidence: first weeks }
# duplicates: { within: 1h, max: 3 }
# breaker: { errors: 5%, of_last: 50, at_least: 20 }

# Execute only on staging; a person then promotes what was done there.
# sandbox: { "https://crm.example.com": "https://staging.crm.example.com" }

# When people look at this policy again.
# review: { every: 90d, after: incident }

# How long a hold waits for a person, and how long the log is kept (90 days or more).
# holds: { expire: 10m }
# audit: { keep: 90d }

# Editors that know YAML schemas show what every word means, from holdpoint.schema.json beside this
# file; \`holdpoint policy schema\` prints it.
`
