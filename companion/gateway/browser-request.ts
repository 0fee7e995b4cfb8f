import { hash } from 'node:crypto'
import type { Descriptor } from '#shared/protocol/descriptor.ts'
import type { Action } from './action.ts'
import type { Command } from './agent.ts'
import type { Target } from './targets.ts'
import { pageOf } from './unknown-target.ts'

/** A held command that is no input: permissions, cookies, a browser's own prompt, sending a form again.
 * It is described by its method and parameters, which a person can read; the digest binds all of them. */
export function browserRequest(command: Command, page: Target | null, since: number): Action {
  const descriptor = describe(command, page)
  return {
    command,
    page,
    since,
    look: () => Promise.resolve({ descriptor, target: page, frame: null, objectId: null }),
  }
}

function describe({ method, params }: Command, page: Target | null): Descriptor {
  const written = JSON.stringify(params)
  const url = page?.url.slice(0, 8192) ?? ''
  return {
    door: 'gateway',
    provenance: 'agent',
    gesture: 'request',
    page: page ? pageOf(page) : { url, title: '', top: true },
    target: { role: 'browser', name: method, tag: '', path: '', hints: [] },
    request: {
      method,
      // Only the origin: words of its path say nothing about this.
      url: URL.canParse(url) ? new URL(url).origin : '',
      kind: 'protocol',
      bodyDigest: hash('sha256', written),
    },
    dialog: { name: 'parameters', text: shown(method, written) },
    terms: { amounts: [], recipients: [], rows: null },
  }
}

/** Cookies are secrets: of these only the names are shown. */
function shown(method: string, written: string): string {
  const text = /cookie/i.test(method)
    ? written.replace(/("value":)"(?:[^"\\]|\\.)*"/g, '$1"••••"')
    : written
  return text.length > 500 ? `${text.slice(0, 499)}…` : text
}
