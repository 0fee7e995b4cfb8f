import { type AxNode, plain } from './ax-tree.ts'
import { Stopped } from './stopped.ts'

/** Roles of what can be clicked, where a recipe names no role. */
const CLICKED = new Set([
  'button',
  'link',
  'menuitem',
  'menuitemcheckbox',
  'menuitemradio',
  'tab',
  'switch',
  'checkbox',
  'radio',
  'option',
  'treeitem',
  'DisclosureTriangle',
])

/** Roles of what takes text; the browser has names of its own for some (`Date`). */
const FILLED = new Set([
  'textbox',
  'searchbox',
  'spinbutton',
  'combobox',
  'Date',
  'DateTime',
  'InputTime',
  'ColorWell',
  'slider',
])

const CHOSEN = new Set(['combobox', 'listbox', 'checkbox', 'switch', 'radiogroup', 'group'])

/** What a step is about. Throws Stopped, with what is there instead, unless it is exactly one; a control
 * that can be used later is `null` until then. */
export type Find = (tree: readonly AxNode[]) => AxNode | null

/** Something to click, by its name and, where the recipe says one, its role. */
export function clickable({ role, name }: { role?: string | undefined; name: string }): Find {
  const fits = (node: AxNode) => (role === undefined ? CLICKED.has(node.role) : node.role === role)
  return oneOf(`${role ?? 'control'} \`${name}\``, name, fits)
}

/** A field by its label. */
export function fillable(label: string): Find {
  return oneOf(`field \`${label}\``, label, ({ role }) => FILLED.has(role))
}

/** A list, a group of radio buttons or a box to tick, by its label. */
export function choosable(label: string): Find {
  return oneOf(`choice \`${label}\``, label, ({ role }) => CHOSEN.has(role))
}

/** The radio button of this name within a group. */
export function radioIn(group: AxNode, name: string): Find {
  const inside = (node: AxNode) =>
    node.role === 'radio' && node.above().some((one) => one.node === group.node)
  return oneOf(`radio button \`${name}\` in \`${group.name}\``, name, inside)
}

function oneOf(what: string, name: string, fits: (node: AxNode) => boolean): Find {
  const wanted = plain(name)
  return (tree) => {
    const possible = tree.filter(fits)
    const found = possible.filter((node) => node.name === wanted)
    const [first, ...others] = found
    if (first === undefined) throw new Stopped(`there is no ${what}${instead(possible)}`)
    if (others.length > 0)
      throw new Stopped(
        `there are ${found.length} of ${what} (${found.map(placed).join('; ')}), and nothing says which is meant`,
      )
    return first.disabled ? null : first
  }
}

/** Where it stands, for telling it from the others. */
function placed(node: AxNode): string {
  const around = node.above().find(({ name, role }) => name !== '' && role !== 'RootWebArea')
  return around ? `${node.role} in ${around.role} \`${clip(around.name)}\`` : node.role
}

function instead(possible: readonly AxNode[]): string {
  const names = [...new Set(possible.map(({ name }) => name).filter((name) => name !== ''))]
  if (names.length === 0) return '; the page has nothing of the kind'
  const more = names.length > 8 ? ` and ${names.length - 8} more` : ''
  const some = names.slice(0, 8).map((name) => `\`${clip(name)}\``)
  return `; the page has ${some.join(', ')}${more}`
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
