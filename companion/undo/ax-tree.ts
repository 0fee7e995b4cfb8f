import {
  isParams,
  numberOf,
  type Params,
  paramsOf,
  type Session,
  textOf,
} from '#companion/gateway/cdp.ts'

/** One thing on the page, as the browser tells it to assistive technology. */
export interface AxNode {
  readonly role: string
  /** One space between words. */
  readonly name: string
  /** For `DOM` commands. */
  readonly node: number
  readonly disabled: boolean
  readonly checked: boolean | null
  /** Nodes that it stands in, innermost first. */
  above(): AxNode[]
}

/** What is on the page for somebody who cannot see it: hidden parts are left out, and so is what lies
 * behind an open dialog. The browser names things itself, so that no page can name them otherwise. */
export async function axTree(session: Session): Promise<AxNode[]> {
  const { nodes } = await session.call('Accessibility.getFullAXTree')
  const all = Array.isArray(nodes) ? nodes.filter(isParams) : []
  const parents = new Map(all.map((node) => [textOf(node.nodeId), textOf(node.parentId)]))
  const known = new Map<string | undefined, AxNode>()
  for (const node of all) {
    const read = node.ignored === true ? null : readNode(node, () => above(textOf(node.nodeId)))
    if (read) known.set(textOf(node.nodeId), read)
  }
  return [...known.values()]

  function above(id: string | undefined): AxNode[] {
    const found: AxNode[] = []
    for (let at = parents.get(id); at !== undefined; at = parents.get(at)) {
      const node = known.get(at)
      if (node) found.push(node)
    }
    return found
  }
}

function readNode(raw: Params, above: () => AxNode[]): AxNode | null {
  const node = numberOf(raw.backendDOMNodeId)
  const role = textOf(paramsOf(raw.role).value)
  if (node === undefined || role === undefined) return null
  const property = (name: string) => {
    const found = Array.isArray(raw.properties)
      ? raw.properties.filter(isParams).find((one) => one.name === name)
      : undefined
    return paramsOf(found?.value).value
  }
  const checked = property('checked') ?? property('pressed')
  return {
    role,
    name: plain(textOf(paramsOf(raw.name).value) ?? ''),
    node,
    disabled: property('disabled') === true || property('readonly') === true,
    checked: checked === undefined ? null : checked === 'true' || checked === true,
    above,
  }
}

/** Text with single spaces. */
export function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
