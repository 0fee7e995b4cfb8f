import type { Params, Session } from './cdp.ts'
import { header, type PausedRequest } from './paused-request.ts'

/** What is said about a request that does not go out. */
export interface Denial {
  /** Stable, for programs. */
  code: string
  title: string
  detail: string
  /** Audit id, where there is one. */
  audit?: string | undefined
}

/** Fails a paused request in the form that keeps the page alive, as measured: an aborted navigation
 * leaves the document and what was typed into it as they were; a script gets an answer that it can
 * read; nobody waits for a beacon. */
export async function denyRequest(
  root: Session,
  paused: PausedRequest,
  denial: Denial,
): Promise<void> {
  const requestId = paused.id
  if (paused.type === 'Document') {
    await root.call('Fetch.failRequest', { requestId, errorReason: 'Aborted' })
  } else if (paused.type === 'XHR' || paused.type === 'Fetch') {
    await root.call('Fetch.fulfillRequest', { requestId, ...answerOf(paused, denial) })
  } else {
    await root.call('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' })
  }
}

/** A navigation that is aborted has no answer to read, so the page's console says why: clients of agents
 * read it. The page may read it too, as it may read the answers to its own scripts. */
export function tellPage(session: Session, { title, detail, audit }: Denial): void {
  const said = `${title}: ${detail}${audit === undefined ? '' : ` (${audit})`}`
  const expression = `console.warn(${JSON.stringify(said)})`
  // The page may have gone; then there is nobody to be told.
  session.call('Runtime.evaluate', { expression, silent: true }).catch(() => undefined)
}

/** 403 as `application/problem+json` (RFC 9457), readable from the origin that asked. */
function answerOf(paused: PausedRequest, denial: Denial): Params {
  const origin = header(paused.headers, 'origin')
  const headers = {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-holdpoint': denial.code,
    ...(origin !== '' && {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-holdpoint',
    }),
  }
  return {
    responseCode: 403,
    responsePhrase: 'Forbidden',
    responseHeaders: Object.entries(headers).map(([name, value]) => ({ name, value })),
    body: Buffer.from(JSON.stringify(problemOf(denial))).toString('base64'),
  }
}

export function problemOf({ code, title, detail, audit }: Denial) {
  return {
    type: `urn:holdpoint:${code}`,
    title,
    status: 403,
    code,
    detail,
    ...(audit !== undefined && { audit }),
  }
}

export const denials = {
  denied(
    reason: string,
    words: { tell?: string | undefined; suggest?: string | undefined },
    audit: string | undefined,
  ): Denial {
    const said = [reason, words.tell, words.suggest].filter((one) => one !== undefined).join(' ')
    return {
      code: 'denied',
      title: 'Holdpoint denied this request',
      detail: `${said} It was NOT sent. Do not retry; ask the user.`,
      audit,
    }
  },
  shadowed(audit: string): Denial {
    return {
      code: 'shadowed',
      title: 'Holdpoint recorded this request',
      detail: 'recorded, not executed (shadow)',
      audit,
    }
  },
  pending(audit: string): Denial {
    return {
      code: 'pending',
      title: 'Holdpoint holds this request',
      detail:
        'A person has to approve it: pending, NOT executed. Wait about 10 seconds and repeat exactly the same request.',
      audit,
    }
  },
  ended(state: string, reason: string | undefined, audit: string | undefined): Denial {
    return {
      code: state,
      title: `The request was held and ${state}`,
      detail: `${reason ?? 'Nobody approved it in time.'} It was NOT sent.`,
      audit,
    }
  },
  twin(audit: string | undefined): Denial {
    return {
      code: 'released_once',
      title: 'The same request was let go once',
      detail: 'An approval is for one request. This one was NOT sent; send it again to ask again.',
      audit,
    }
  },
  refused,
  noRun: refused('no_run', 'It belongs to no run, so nobody can be asked about it.'),
  gone: refused('gone', 'The document that sent it has gone.'),
  unrecorded: refused(
    'unrecorded',
    'It could not be recorded, and what is not recorded is not sent.',
  ),
  undecided: refused('undecided', 'Holdpoint could not decide about it; see its log.'),
  own: refused(
    'own_address',
    'The companion does not answer the browser that it supervises; this was recorded.',
  ),
} as const

function refused(code: string, reason: string): Denial {
  return { code, title: 'Holdpoint refused this request', detail: `${reason} It was NOT sent.` }
}
