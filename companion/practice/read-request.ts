import type { Context } from 'hono'

/** JSON of the request, or null where it is none: the caller's schema then says no. */
export async function readJson(c: Context): Promise<unknown> {
  return c.req.json<unknown>().catch(() => null)
}

/** A form field as trimmed text; files and missing fields are empty. */
export function text(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** A form's fields; empty where the body is none. */
export async function readForm(c: Context): Promise<FormData> {
  return c.req.formData().catch(() => new FormData())
}

/** The record that the address's `:id` names. */
export function find<T extends { id: number }>(list: readonly T[], c: Context): T | undefined {
  return list.find((item) => item.id === Number(c.req.param('id')))
}
