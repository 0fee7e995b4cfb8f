import { isParams, type Params, textOf } from '../cdp.ts'

/** What stands in the place of a password, as in Chromium's own accessibility tree. */
const MASK = '••••••••'

/** DOM nodes, wherever they lie in an answer or event. A password stands in the `value` attribute, where
 * the server sent one, and as typed in the text node of the field's own shadow tree (both seen on
 * Chromium 156 with `pierce`). */
export function nodesOf(params: Params): Params {
  const shown: Params = {}
  for (const [key, value] of Object.entries(params))
    shown[key] = NODES.has(key) ? redactNodes(value, nodesOf) : value
  if (!isPassword(textOf(params.nodeName), params.attributes)) return shown
  shown.attributes = maskedAttributes(params.attributes)
  shown.shadowRoots = redactNodes(params.shadowRoots, maskedText)
  return shown
}

/** `DOM.getFlattenedDocument`, where nodes lie beside each other and name their parents; only a shadow
 * root lies in its host. */
export function flatNodesOf(result: Params): Params {
  const nodes = listOf(result.nodes)
  const parents = new Map(nodes.map((node) => [node.nodeId, node.parentId]))
  const roots = new Set(
    nodes
      .filter((node) => isPassword(textOf(node.nodeName), node.attributes))
      .flatMap((node) => listOf(node.shadowRoots).map((root) => root.nodeId)),
  )
  const isInside = (node: Params): boolean => {
    for (let id = node.parentId; id !== undefined; id = parents.get(id))
      if (roots.has(id)) return true
    return false
  }
  const redact = (node: Params) =>
    node.nodeValue && roots.size > 0 && isInside(node) ? maskedText(node) : nodesOf(node)
  return { ...result, nodes: nodes.map(redact) }
}

/** `DOM.getOuterHTML`. */
export function markupOf(result: Params): Params {
  const { outerHTML } = result
  if (typeof outerHTML !== 'string') return result
  return {
    ...result,
    outerHTML: outerHTML.replace(/<input\b[^>]*>/gi, (tag) =>
      /\stype="password"/i.test(tag) ? tag.replace(/(\svalue=")[^"]+/i, `$1${MASK}`) : tag,
    ),
  }
}

/** `DOMSnapshot.captureSnapshot`: texts lie in one table, nodes name them by index. What else has the
 * same text as a password is masked with it. */
export function snapshotOf(result: Params): Params {
  const strings = Array.isArray(result.strings) ? [...result.strings] : []
  const text = (index: unknown) => textOf(strings[Number(index)])
  for (const document of listOf(result.documents)) {
    const nodes = isParams(document.nodes) ? document.nodes : {}
    const { index, value } = isParams(nodes.inputValue) ? nodes.inputValue : {}
    const values = new Map(zip(index, value))
    for (const [at, [name, pairs]] of zip(nodes.nodeName, nodes.attributes).entries()) {
      const attributes = Array.isArray(pairs) ? pairs : []
      if (!isPassword(text(name), attributes.map(text))) continue
      const own = attributes.findIndex((key, i) => i % 2 === 0 && text(key) === 'value')
      for (const held of [values.get(at), own < 0 ? undefined : attributes[own + 1]])
        if (text(held)) strings[Number(held)] = MASK
    }
  }
  return { ...result, strings }
}

/** `DOMSnapshot.getSnapshot`, the older form of the same. */
export function oldSnapshotOf(result: Params): Params {
  return { ...result, domNodes: redactNodes(result.domNodes, oldNodeOf) }
}

function oldNodeOf(node: Params): Params {
  const pairs = listOf(node.attributes)
  const flat = pairs.flatMap(({ name, value }) => [name, value])
  if (!isPassword(textOf(node.nodeName), flat)) return node
  return {
    ...node,
    ...(node.inputValue ? { inputValue: MASK } : {}),
    attributes: pairs.map((pair) => (pair.name === 'value' ? { ...pair, value: MASK } : pair)),
  }
}

/** Keys under which the DOM domain puts nodes. */
const NODES = new Set([
  'root',
  'node',
  'nodes',
  'children',
  'contentDocument',
  'shadowRoots',
  'templateContent',
  'pseudoElements',
])

function redactNodes(value: unknown, redact: (node: Params) => Params): unknown {
  if (Array.isArray(value)) return value.map((node) => (isParams(node) ? redact(node) : node))
  return isParams(value) ? redact(value) : value
}

function maskedText(node: Params): Params {
  return {
    ...node,
    ...(node.nodeValue ? { nodeValue: MASK } : {}),
    children: redactNodes(node.children, maskedText),
  }
}

/** `attributes` as the DOM domain writes them: name, value, name, value, ... */
function isPassword(nodeName: string | undefined, attributes: unknown): boolean {
  if (nodeName?.toUpperCase() !== 'INPUT' || !Array.isArray(attributes)) return false
  return attributes.some(
    (name, at) => at % 2 === 0 && name === 'type' && /^password$/i.test(`${attributes[at + 1]}`),
  )
}

function maskedAttributes(attributes: unknown): unknown {
  if (!Array.isArray(attributes)) return attributes
  return attributes.map((text, at) =>
    at % 2 === 1 && attributes[at - 1] === 'value' ? MASK : text,
  )
}

function zip(left: unknown, right: unknown): [unknown, unknown][] {
  const others: unknown[] = Array.isArray(right) ? right : []
  return Array.isArray(left) ? left.map((one, at): [unknown, unknown] => [one, others[at]]) : []
}

function listOf(value: unknown): Params[] {
  return Array.isArray(value) ? value.filter(isParams) : []
}
