import type { Context } from 'hono'
import { ProblemError } from './problem.ts'

/** What is needed of a zod schema. */
interface Schema<T> {
  safeParse(value: unknown):
    | { success: true; data: T }
    | {
        success: false
        error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }
      }
}

/** The body of a request, as `schema` reads it. Anything else is a problem that says where. */
export async function readBody<T>(c: Context, schema: Schema<T>): Promise<T> {
  const type = c.req.header('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new ProblemError('content_type', `expected \`application/json\`, got \`${type}\``)
  return parse(await json(c), schema)
}

/** The query of a request, as `schema` reads it. */
export function readQuery<T>(c: Context, schema: Schema<T>): T {
  return parse(c.req.query(), schema)
}

async function json(c: Context): Promise<unknown> {
  try {
    return await c.req.json()
  } catch {
    // The parser's own message quotes the body; what is wanted says enough.
    throw new ProblemError('not_json', 'the body is not JSON')
  }
}

function parse<T>(value: unknown, schema: Schema<T>): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message,
  }))
  const first = errors[0]
  const at = first?.path ? `\`${first.path}\`: ` : ''
  throw new ProblemError('invalid', `${at}${first?.message ?? 'invalid'}`, errors)
}
