import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import { Classification } from '#shared/protocol/classification.ts'
import { Decision } from '#shared/protocol/decision.ts'
import { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Category } from '#shared/protocol/words.ts'
import type { IconName } from '#shared/ui/icon.tsx'
import { type Part, sentenceParts, siteOf } from '#shared/ui/sentence.ts'
import { quoted, visible } from '#shared/ui/visible.ts'
import type { Shape } from './client.ts'
import { lookOfKind, saysOfKind } from './kind-words.ts'
import { lookOfOversight, saysOfOversight } from './read-oversight.ts'
import { lookOfRun, saysOfRun } from './read-run.ts'

export type Tone = 'ok' | 'danger' | 'hold' | 'plain'

/** One entry of the log as a person reads it. */
export interface Reading {
  word: string
  icon: IconName
  tone: Tone
  says: readonly Part[]
  category: Category | null
  site: string
  descriptor: Descriptor | null
  classification: Classification | null
  decision: Decision | null
}

/** By what the asking door was answered, which may be stricter or laxer than the policy's decision:
 * the breaker holds what a rule allows, shadow and observe modes bind nothing. */
const ANSWERED: ReadonlyMap<string, { word: string; icon: IconName; tone: Tone }> = new Map([
  ['go', { word: 'Allowed', icon: 'check', tone: 'ok' }],
  ['held', { word: 'Held', icon: 'clock', tone: 'hold' }],
  ['denied', { word: 'Forbidden', icon: 'cross', tone: 'danger' }],
  ['shadowed', { word: 'Shadowed', icon: 'moon', tone: 'plain' }],
  ['recorded', { word: 'Observed', icon: 'eye', tone: 'plain' }],
])

/** Reads an entry. Bodies are the companion's own, but an older or newer one may shape them
 * differently: whatever cannot be read is shown as plain text, never dropped. */
export function readEntry(entry: AuditEntry): Reading {
  const { body } = entry
  const descriptor = parsed(Descriptor, body.descriptor)
  const classification = parsed(Classification, body.classification)
  const decision = parsed(Decision, body.decision)
  const said =
    entry.kind === 'decision' && descriptor && classification
      ? sentenceParts({ descriptor, classification })
      : entry.kind === 'run'
        ? saysOfRun(entry)
        : (saysOfOversight(entry) ?? summary(entry, descriptor))
  return {
    ...look(entry),
    says: said,
    category: classification?.category ?? null,
    site: descriptor ? siteOf(descriptor.page.url) : '',
    descriptor,
    classification,
    decision,
  }
}

/** Whether the entry is a read that passed, as the companion tells it too (`reads=0`). */
export function isPassedRead({ kind, body }: AuditEntry): boolean {
  if (kind !== 'decision' || record(body.decision).kind !== 'allow') return false
  return record(body.classification).capability === 'read'
}

/** Text at a key of an entry's body, made safe to show. */
export function textAt(body: AuditEntry['body'], key: string): string {
  const value = body[key]
  if (typeof value === 'string') return visible(value, { limit: 300 })
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

function look(entry: AuditEntry): Pick<Reading, 'word' | 'icon' | 'tone'> {
  if (entry.kind === 'decision')
    return ANSWERED.get(textAt(entry.body, 'answer')) ?? lookOfKind('decision')
  const verdict = textAt(entry.body, 'verdict')
  if (entry.kind === 'verdict' && verdict === 'approve')
    return { word: 'Approved', icon: 'check', tone: 'ok' }
  if (entry.kind === 'verdict' && verdict === 'deny')
    return { word: 'Denied', icon: 'cross', tone: 'danger' }
  if (entry.kind === 'outcome') {
    const outcome = outcomeOf(entry)
    if (outcome === 'done') return { word: 'Done', icon: 'check', tone: 'ok' }
    if (outcome === 'failed') return { word: 'Failed', icon: 'cross', tone: 'danger' }
    return { word: 'Unknown outcome', icon: 'question', tone: 'hold' }
  }
  if (entry.kind === 'run') return lookOfRun(entry)
  return lookOfOversight(entry) ?? lookOfKind(entry.kind)
}

/** `done`, `failed` or `unknown`, wherever the body keeps it. */
function outcomeOf({ body }: AuditEntry): string {
  return textAt(body, 'outcome') || textAt(record(body.evidence), 'outcome')
}

function summary(entry: AuditEntry, descriptor: Descriptor | null): Part[] {
  const { body, kind } = entry
  const evidence = record(body.evidence)
  const sent = requestIn(record(evidence.request ?? body.request ?? body))
  const status = textAt(evidence, 'status')
  const reason = textAt(body, 'reason') || textAt(body, 'why')
  const words = [
    kind === 'verdict' ? `by ${visible(entry.actor, { limit: 60 })}` : '',
    kind === 'verdict' && textAt(body, 'role') ? `as ${textAt(body, 'role')}` : '',
    kind === 'verdict' && textAt(body, 'surface') ? `in the ${textAt(body, 'surface')}` : '',
    kind === 'verdict' && textAt(body, 'from') ? `from ${textAt(body, 'from')}` : '',
    kind === 'verdict' ? textAt(body, 'approvals') : '',
    kind === 'verdict' && reason ? quoted(reason, 200) : reason,
    kind === 'miss' && descriptor ? `${quoted(descriptor.target.name)} sent` : '',
    kind === 'covered' ? COVERED_BY.get(textAt(body, 'rule')) : '',
    textAt(body, 'change'),
    textAt(body, 'site'),
    textAt(body, 'mode') && `mode ${textAt(body, 'mode')}`,
    textAt(body, 'name'),
    textAt(body, 'code'),
    sent && `${sent}${status && ` answered ${status}`}`,
    textAt(evidence, 'error'),
  ].filter((word) => word !== undefined && word !== '')
  return words.length > 0 ? [{ page: words.join(' · ') }] : [saysOfKind(kind)]
}

/** How a request is known to be the doing of an input; see cause.ts of the gateway. */
const COVERED_BY: ReadonlyMap<string, string> = new Map([
  ['listener', 'sent by what listens to this input'],
  ['form', 'the form that was sent'],
  ['link', 'the link that was followed'],
  ['moment', 'sent right after this input'],
  ['takeover', 'sent while a person had the browser'],
])

/** Method and address of a recorded request; empty where there is none. */
function requestIn(request: Record<string, unknown>): string {
  const where = textAt(request, 'url') || textAt(request, 'path')
  return where && `${textAt(request, 'method')} ${where}`
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function parsed<T>(shape: Shape<T>, value: unknown): T | null {
  const result = shape.safeParse(value)
  return result.success ? result.data : null
}
