import { hash } from 'node:crypto'
import { canonical } from './canonical.ts'
import type { Draft, Head, Link, Seal } from './ports.ts'

/** Makes a draft the next link of the chain: `hash` is SHA-256 over the canonical JSON (RFC 8785) of
 * every other field, `prev` the hash before. */
export const seal: Seal = (head, draft) => {
  const seq = head.seq + 1
  const { at, kind, actor, hold, run } = draft
  const { body, text } = recordable(draft.body)
  const fields = { seq, id: `hp_${seq}`, at, kind, actor, hold, run, prev: head.hash }
  const entry = { ...fields, body, hash: linkHash({ ...fields, body: text }) }
  return { entry, body: text }
}

/** The chain before its first entry. */
export const emptyChain: Head = { seq: 0, hash: '0'.repeat(64) }

/** What verification found. `entries` counts those that were looked at. */
export type ChainCheck =
  | { ok: true; entries: number; head: Head }
  | { ok: false; entries: number; error: { code: string; message: string; at: number } }

/** The head as kept outside the database, or why it cannot be believed. */
export type KeptHead = { ok: true; head: Head } | { ok: false; message: string }

/** Walks the whole chain against the head kept outside the database. A database ahead of that head
 * is a crash between the commit and the head's own write; one behind it has lost entries. */
export async function verify(
  read: (after: number, limit: number) => Promise<Link[]>,
  kept: KeptHead,
): Promise<ChainCheck> {
  let last = emptyChain
  let seen = kept.ok && kept.head.seq === 0
  for (;;) {
    const links = await read(last.seq, 2000)
    for (const link of links) {
      const problem = linkProblem(last, link)
      if (problem) return broken(last.seq, problem.code, problem.message, last.seq + 1)
      last = { seq: link.seq, hash: link.hash }
      if (kept.ok && link.seq === kept.head.seq) seen = link.hash === kept.head.hash
    }
    if (links.length === 0) break
  }
  if (!kept.ok) return broken(last.seq, 'head_unreadable', kept.message, last.seq)
  if (kept.head.seq > last.seq) {
    const lost = `entries ${last.seq + 1} to ${kept.head.seq} are gone: the head kept outside the database counts ${kept.head.seq}`
    return broken(last.seq, 'truncated', lost, last.seq + 1)
  }
  if (!seen) {
    const message = `entry ${kept.head.seq} is not the one whose hash is kept outside the database`
    return broken(last.seq, 'rewritten', message, kept.head.seq)
  }
  return { ok: true, entries: last.seq, head: last }
}

function linkProblem(last: Head, link: Link): { code: string; message: string } | null {
  const here = `entry ${last.seq + 1}`
  if (link.seq !== last.seq + 1)
    return { code: 'missing', message: `${here} is gone: entry ${link.seq} follows ${last.seq}` }
  if (link.id !== `hp_${link.seq}` || link.prev !== last.hash)
    return { code: 'unlinked', message: `${here} does not continue the entry before it` }
  if (link.hash !== linkHash(link))
    return { code: 'changed', message: `${here} was changed after it was written` }
  if (!link.intact)
    return { code: 'column', message: `${here} has a search column that contradicts the entry` }
  return null
}

/** SHA-256 over the canonical JSON of an entry whose body is canonical already. Putting the one into
 * the other by hand saves a second pass over the largest part; the keys are in RFC 8785 order. */
function linkHash(link: Omit<Link, 'hash' | 'intact'>): string {
  const text = `{"actor":${canonical(link.actor)},"at":${canonical(link.at)},"body":${link.body},"hold":${canonical(link.hold)},"id":${canonical(link.id)},"kind":${canonical(link.kind)},"prev":${canonical(link.prev)},"run":${canonical(link.run)},"seq":${link.seq}}`
  return hash('sha256', text)
}

function broken(entries: number, code: string, message: string, at: number): ChainCheck {
  return { ok: false, entries, error: { code, message, at } }
}

/** The body as canonical JSON. A lone surrogate has no form in RFC 8785, and no page may choose text
 * that cannot be recorded: each is replaced. `JSON.stringify` escapes no other character this way. */
function recordable(body: Draft['body']): { body: Draft['body']; text: string } {
  const text = canonical(body)
  if (!text.includes('\\ud')) return { body, text }
  const clean: unknown = JSON.parse(text, (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\u{FFFD}') : value,
  )
  const cleanBody = typeof clean === 'object' && clean !== null ? { ...clean } : {}
  return { body: cleanBody, text: canonical(clean) }
}
