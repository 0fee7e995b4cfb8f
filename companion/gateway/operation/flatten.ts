import { LIST_LIMIT } from '#shared/protocol/descriptor.ts'
import { isParams } from '../cdp.ts'

/** One value of a body by where it stands: `items[0].price`. */
export interface Leaf {
  path: string
  value: string
}

/** Every value of a JSON body, in order; what does not fit is counted. */
export function leaves(body: unknown): { leaves: Leaf[]; more: number } {
  const found: Leaf[] = []
  let more = 0
  const walk = (value: unknown, path: string, depth: number): void => {
    if (Array.isArray(value) && depth < DEEPEST) {
      for (const [index, item] of value.entries()) walk(item, `${path}[${index}]`, depth + 1)
    } else if (isParams(value) && depth < DEEPEST) {
      for (const [key, item] of Object.entries(value))
        walk(item, path === '' ? key : `${path}.${key}`, depth + 1)
    } else if (found.length >= LIST_LIMIT - 1) more++
    else found.push({ path, value: textOfLeaf(value) })
  }
  walk(body, '', 0)
  return { leaves: found, more }
}

/** Deeper structures are shown as their own JSON. */
const DEEPEST = 20

function textOfLeaf(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined ? '' : JSON.stringify(value)
}
