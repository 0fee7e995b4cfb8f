import type { AuditEntry } from '#shared/protocol/audit-entry.ts'
import type { Part } from '#shared/ui/sentence.ts'
import { quoted, visible } from '#shared/ui/visible.ts'
import type { KindLook } from './kind-words.ts'
import { scopeSays } from './scope-words.ts'

/** What people do over and above single holds, as the log says it: breakers, undos, reviews,
 * promotions, rules that have earned their effect. */

/** Null for an entry that looks as all of its kind do. */
export function lookOfOversight({ kind, body }: AuditEntry): KindLook | null {
  switch (String(kind)) {
    case 'breaker':
      return body.change === 'closed'
        ? { word: 'Breaker closed', icon: 'shield', tone: 'ok' }
        : { word: 'Breaker opened', icon: 'alert', tone: 'danger' }
    case 'promotion':
      return body.change === 'revoked' ? { word: 'Revoked', icon: 'undo', tone: 'hold' } : null
    case 'undo':
      return body.state === 'failed' ? { word: 'Not undone', icon: 'alert', tone: 'danger' } : null
    case 'undo-trial':
      return body.ok === true ? null : { word: 'Undo failed', icon: 'alert', tone: 'danger' }
    case 'refused':
      return SELF.has(text(body, 'code'))
        ? { word: 'Not taken', icon: 'cross', tone: 'hold' }
        : null
    default:
      return null
  }
}

const SELF: ReadonlyMap<string, string> = new Map([
  ['not_approver', 'who may not approve it'],
  ['own_run', 'who started that run'],
])

/** Null for an entry of another kind. */
export function saysOfOversight({ kind, body, actor }: AuditEntry): Part[] | null {
  const by = visible(text(body, 'by') || actor, { limit: 60 })
  const why = (key: string): Part[] => {
    const said = text(body, key)
    return said === '' ? [] : [': ', { page: quoted(said, 200) }]
  }
  switch (String(kind)) {
    case 'breaker': {
      const scope: Part = { page: scopeSays(text(body, 'scope')) }
      return body.change === 'closed'
        ? [scope, ` goes on as the policy says; closed by ${by}`, ...why('reason')]
        : [scope, ' is held from now on: ', { page: visible(text(body, 'reason'), { limit: 200 }) }]
    }
    case 'undo': {
      const what = `${visible(text(body, 'audit'), { limit: 40 })} by recipe `
      const recipe: Part = { page: visible(text(body, 'recipe'), { limit: 60 }) }
      return body.state === 'failed'
        ? ['Could not take back ', what, recipe, ...why('why')]
        : [`${by} began to take back `, what, recipe]
    }
    case 'undone':
      return [`Taken back by ${by}`, ...(text(body, 'how') ? why('how') : [])]
    case 'undo-trial':
      return [
        'Recipe ',
        { page: visible(text(body, 'recipe'), { limit: 60 }) },
        body.ok === true ? ` works, tried by ${by}` : ` did not work, tried by ${by}`,
        ...why('note'),
      ]
    case 'review':
      return [`The policy was looked over by ${by}`, ...why('note')]
    case 'promotion': {
      const count = Array.isArray(body.entries) ? body.entries.length : 1
      const what = count === 1 ? 'One staged action' : `${count} staged actions`
      return body.change === 'revoked'
        ? [`${what} may not be done on production after all, by ${by}`, ...why('reason')]
        : [`${what} may be done once on production, by ${by}`, ...why('note')]
    }
    case 'earned':
      return [
        'Rule ',
        { page: visible(text(body, 'rule'), { limit: 60 }) },
        ` goes by itself from now on, by ${by}`,
        ...why('note'),
      ]
    case 'refused': {
      const who = SELF.get(text(body, 'code'))
      return who === undefined ? null : [`A verdict by ${by}, ${who}, was not taken`]
    }
    default:
      return null
  }
}

function text(body: AuditEntry['body'], key: string): string {
  const value = body[key]
  return typeof value === 'string' ? value : ''
}
