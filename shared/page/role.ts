import { dom } from './builtins.ts'
import { is } from './tree.ts'

/** ARIA role in effect, `generic` where there is none: the first token of `role`, else what the tag
 * and type mean (html-aam 1.0). `presentation` counts for nothing: on whatever can be clicked and
 * focused browsers ignore it too (ARIA 1.2, 9.6). Only roles that a target can have are told apart. */
export function role(element: Element): string {
  const explicit = dom.attribute(element, 'role')?.trim().split(/\s+/, 1)[0]?.toLowerCase()
  if (explicit && explicit !== 'none' && explicit !== 'presentation') return explicit
  return implicitRole(element)
}

function implicitRole(element: Element): string {
  const tag = dom.tag(element)
  if (is.input(element)) return inputRole(element)
  if (is.select(element)) {
    const many = dom.has(element, 'multiple') || Number(dom.attribute(element, 'size') ?? 0) > 1
    return many ? 'listbox' : 'combobox'
  }
  if (tag === 'a' || tag === 'area') return dom.matches(element, '[*|href]') ? 'link' : 'generic'
  if (tag !== 'button' && is.html(element) && dom.has(element, 'contenteditable'))
    return dom.contentEditable(element) ? 'textbox' : 'generic'
  return BY_TAG.get(tag) ?? 'generic'
}

function inputRole(input: HTMLInputElement): string {
  const type = dom.inputType(input)
  const usual = BY_INPUT_TYPE.get(type) ?? 'textbox'
  return dom.has(input, 'list') && /box$/.test(usual) && type !== 'checkbox' ? 'combobox' : usual
}

const BY_INPUT_TYPE = table(
  'button:button submit reset image file color,checkbox:checkbox,radio:radio,slider:range,searchbox:search,spinbutton:number',
)

const BY_TAG = table(
  'button:button summary,option:option,textbox:textarea,listitem:li,row:tr,cell:td,columnheader:th,heading:h1 h2 h3 h4 h5 h6,img:img svg,list:ul ol menu,navigation:nav,main:main,article:article,complementary:aside,group:details fieldset,dialog:dialog,form:form,region:section,table:table,banner:header,contentinfo:footer',
)

/** `role:tag tag,role:tag` as a map from tag to role. */
function table(rows: string): Map<string, string> {
  const map = new Map<string, string>()
  for (const entry of rows.split(',')) {
    const [named = '', tags = ''] = entry.split(':')
    for (const tag of tags.split(' ')) map.set(tag, named)
  }
  return map
}
