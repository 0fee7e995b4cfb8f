import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Problem } from '#shared/protocol/api.ts'

/** HTTP status by code: the one place where it is chosen. Codes that are not listed are 409. */
const statuses: Readonly<Record<string, ContentfulStatusCode>> = {
  not_json: 400,
  invalid: 400,
  bad_request: 400,
  reason_missing: 400,
  note_missing: 400,
  token_missing: 401,
  token_wrong: 401,
  role_may_not: 403,
  origin_refused: 403,
  code_wrong: 403,
  surface_may_not_approve: 403,
  not_approver: 403,
  own_run: 403,
  not_found: 404,
  hold_unknown: 404,
  audit_unknown: 404,
  token_unknown: 404,
  run_unknown: 404,
  browser_unknown: 404,
  rule_unknown: 404,
  entry_unknown: 404,
  promotion_unknown: 404,
  recipe_unknown: 404,
  release_unknown: 404,
  method_not_allowed: 405,
  hold_expired: 410,
  run_ended: 410,
  body_too_large: 413,
  content_type: 415,
  host_refused: 421,
  policy_invalid: 422,
  internal: 500,
  kill_failed: 500,
  browser_failed: 500,
  no_gateway: 501,
  no_browser: 501,
  undo_failed: 502,
  audit_unavailable: 503,
  companion_stopping: 503,
  policy_unwritable: 503,
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Refused',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Body too large',
  415: 'Unsupported content type',
  421: 'Wrong host',
  422: 'Policy has mistakes',
  500: 'Internal error',
  501: 'Not available',
  502: 'Not undone',
  503: 'Unavailable',
}

/** Thrown by whatever cannot go on with a request; answered by `answerProblem`. */
export class ProblemError extends Error {
  readonly code: string
  /** Where in the body the mistakes are, for code `invalid`. */
  readonly errors: readonly { path: string; message: string }[] | undefined

  constructor(code: string, detail: string, errors?: readonly { path: string; message: string }[]) {
    super(detail)
    this.code = code
    this.errors = errors
  }
}

/** An error as `application/problem+json` (RFC 9457). */
export function answerProblem(
  c: Context,
  code: string,
  detail: string,
  extra: Record<string, unknown> = {},
): Response {
  const status = statuses[code] ?? 409
  const body: Problem = {
    type: `urn:holdpoint:problem:${code}`,
    title: titles[status] ?? 'Refused',
    status,
    code,
    detail,
  }
  return c.body(JSON.stringify({ ...body, ...extra }), status, {
    'content-type': 'application/problem+json',
  })
}
