/** The DOM's own accessors, captured when the content script starts. A page shares its DOM with every
 * world, and named access lets it shadow properties of forms and documents (`<input name="action">`,
 * `<img name="getElementById">`: HTML 7.2.2.3 and 4.10.3, [LegacyOverrideBuiltIns]), so nothing in this
 * folder reads a property of an element directly. `dom.x(node)` is `node.x`, unshadowable. */
export const dom = {
  // Node
  nodeType: getter<Node, number>(Node.prototype, 'nodeType'),
  parent: getter<Node, ParentNode | null>(Node.prototype, 'parentNode'),
  parentElement: getter<Node, Element | null>(Node.prototype, 'parentElement'),
  firstChild: getter<Node, ChildNode | null>(Node.prototype, 'firstChild'),
  nextSibling: getter<Node, ChildNode | null>(Node.prototype, 'nextSibling'),
  document: getter<Node, Document | null>(Node.prototype, 'ownerDocument'),
  baseURI: getter<Node, string>(Node.prototype, 'baseURI'),
  root: method<Node, [], Node>(Node.prototype.getRootNode),
  content: getter<Node, string>(Node.prototype, 'textContent'),
  // Text
  length: getter<CharacterData, number>(CharacterData.prototype, 'length'),
  slice: method<CharacterData, [number, number], string>(CharacterData.prototype.substringData),
  // Element
  tag: getter<Element, string>(Element.prototype, 'localName'),
  namespace: getter<Element, string | null>(Element.prototype, 'namespaceURI'),
  attribute: method<Element, [string], string | null>(Element.prototype.getAttribute),
  has: method<Element, [string], boolean>(Element.prototype.hasAttribute),
  attributeNames: method<Element, [], string[]>(Element.prototype.getAttributeNames),
  matches: method<Element, [string], boolean>(Element.prototype.matches),
  closest: method<Element, [string], Element | null>(Element.prototype.closest),
  find: method<Element, [string], Element | null>(Element.prototype.querySelector),
  findAll: method<Element, [string], NodeListOf<Element>>(Element.prototype.querySelectorAll),
  firstElement: getter<Element, Element | null>(Element.prototype, 'firstElementChild'),
  nextElement: getter<Element, Element | null>(Element.prototype, 'nextElementSibling'),
  previousElement: getter<Element, Element | null>(Element.prototype, 'previousElementSibling'),
  children: getter<Element, HTMLCollection>(Element.prototype, 'children'),
  item: method<HTMLCollection, [number], Element | null>(HTMLCollection.prototype.item),
  childCount: getter<Element, number>(Element.prototype, 'childElementCount'),
  shadow: getter<Element, ShadowRoot | null>(Element.prototype, 'shadowRoot'),
  slot: getter<Element, HTMLSlotElement | null>(Element.prototype, 'assignedSlot'),
  contentEditable: getter<HTMLElement, boolean>(HTMLElement.prototype, 'isContentEditable'),
  assigned: method<HTMLSlotElement, [], Node[]>(HTMLSlotElement.prototype.assignedNodes),
  // ShadowRoot and Document
  host: getter<ShadowRoot, Element>(ShadowRoot.prototype, 'host'),
  shadowFromPoint: method<ShadowRoot, [number, number], Element | null>(
    ShadowRoot.prototype.elementFromPoint,
  ),
  shadowFocus: getter<ShadowRoot, Element | null>(ShadowRoot.prototype, 'activeElement'),
  shadowById: method<ShadowRoot, [string], Element | null>(ShadowRoot.prototype.getElementById),
  shadowFindAll: method<ShadowRoot, [string], NodeListOf<Element>>(
    ShadowRoot.prototype.querySelectorAll,
  ),
  documentFindAll: method<Document, [string], NodeListOf<Element>>(
    Document.prototype.querySelectorAll,
  ),
  byId: method<Document, [string], Element | null>(Document.prototype.getElementById),
  url: getter<Document, string>(Document.prototype, 'URL'),
  title: getter<Document, string>(Document.prototype, 'title'),
  // Controls
  controls: getter<HTMLFormElement, HTMLFormControlsCollection>(
    HTMLFormElement.prototype,
    'elements',
  ),
  labelControl: getter<HTMLLabelElement, Element | null>(HTMLLabelElement.prototype, 'control'),
  labels: {
    input: getter<HTMLInputElement, NodeListOf<Element> | null>(
      HTMLInputElement.prototype,
      'labels',
    ),
    button: getter<HTMLButtonElement, NodeListOf<Element>>(HTMLButtonElement.prototype, 'labels'),
    select: getter<HTMLSelectElement, NodeListOf<Element>>(HTMLSelectElement.prototype, 'labels'),
    textarea: getter<HTMLTextAreaElement, NodeListOf<Element>>(
      HTMLTextAreaElement.prototype,
      'labels',
    ),
  },
  owner: {
    input: getter<HTMLInputElement, HTMLFormElement | null>(HTMLInputElement.prototype, 'form'),
    button: getter<HTMLButtonElement, HTMLFormElement | null>(HTMLButtonElement.prototype, 'form'),
    select: getter<HTMLSelectElement, HTMLFormElement | null>(HTMLSelectElement.prototype, 'form'),
    textarea: getter<HTMLTextAreaElement, HTMLFormElement | null>(
      HTMLTextAreaElement.prototype,
      'form',
    ),
  },
  inputValue: getter<HTMLInputElement, string>(HTMLInputElement.prototype, 'value'),
  inputType: getter<HTMLInputElement, string>(HTMLInputElement.prototype, 'type'),
  checked: getter<HTMLInputElement, boolean>(HTMLInputElement.prototype, 'checked'),
  files: getter<HTMLInputElement, FileList | null>(HTMLInputElement.prototype, 'files'),
  textareaValue: getter<HTMLTextAreaElement, string>(HTMLTextAreaElement.prototype, 'value'),
  selected: getter<HTMLSelectElement, HTMLCollectionOf<HTMLOptionElement>>(
    HTMLSelectElement.prototype,
    'selectedOptions',
  ),
  optionText: getter<HTMLOptionElement, string>(HTMLOptionElement.prototype, 'text'),
  optionValue: getter<HTMLOptionElement, string>(HTMLOptionElement.prototype, 'value'),
  // Events
  path: method<Event, [], EventTarget[]>(Event.prototype.composedPath),
  x: getter<MouseEvent, number>(MouseEvent.prototype, 'clientX'),
  y: getter<MouseEvent, number>(MouseEvent.prototype, 'clientY'),
} as const

/** The style that applies to an element; the global is taken now, before any page script can run. */
export const computedStyle: typeof getComputedStyle = getComputedStyle.bind(globalThis)

/** A property's getter as a function of the object. Browsers that lack the getter fall back to the
 * plain read, so an old browser loses hardening and not the whole gate. */
function getter<T extends object, R>(prototype: T, name: string): (self: T) => R {
  const get = Object.getOwnPropertyDescriptor(prototype, name)?.get
  return get
    ? Function.prototype.call.bind(get)
    : (self): R => Reflect.get<object, string>(self, name)
}

/** A prototype's method as a function whose first argument is the object. */
function method<T, A extends unknown[], R>(of: (...args: A) => R): (self: T, ...args: A) => R {
  return Function.prototype.call.bind(of)
}
