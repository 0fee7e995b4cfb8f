import { isMap, isNode, isScalar } from 'yaml'
import { at, type YamlText } from './read-yaml.ts'

/** Where in the text a path of keys and indices leads: to the value, or to the key itself. A path
 * that is not there leads to the nearest part above it that is. */
export function locate(
  yaml: YamlText,
  path: readonly PropertyKey[],
  what: 'key' | 'value',
): number {
  if (what === 'key') {
    const key = keyOffset(yaml, path)
    if (key !== undefined) return key
  }
  for (let length = path.length; length > 0; length--) {
    const node = yaml.document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
    const key = keyOffset(yaml, path.slice(0, length))
    if (key !== undefined) return key
  }
  return yaml.document.contents?.range?.[0] ?? 0
}

/** Line and column of a path, from 1. */
export function position(yaml: YamlText, path: readonly PropertyKey[], what: 'key' | 'value') {
  const { line, column } = at(yaml.lines, locate(yaml, path, what), '', '')
  return { line, column }
}

function keyOffset(yaml: YamlText, path: readonly PropertyKey[]): number | undefined {
  const parent =
    path.length > 1 ? yaml.document.getIn(path.slice(0, -1), true) : yaml.document.contents
  const name = path[path.length - 1]
  if (!isMap(parent)) return undefined
  const pair = parent.items.find(({ key }) => isScalar(key) && key.value === name)
  return isScalar(pair?.key) ? pair.key.range?.[0] : undefined
}
