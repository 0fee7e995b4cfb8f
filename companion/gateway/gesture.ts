import type { Point } from './affine.ts'
import { numberOf, type Params, paramsOf, textOf } from './cdp.ts'
import type { Aim, Occasion } from './hit-test.ts'
import { keyOf } from './keys.ts'

/** What one `Input` command is in the gesture it belongs to. */
export type Part =
  /** Nothing that anybody would be asked about. */
  | { kind: 'pass' }
  /** It acts, or begins what acts; its later parts share its fate. `hand` names which they are. */
  | { kind: 'begin'; hand: string; aim: Aim | null; occasion: Occasion }
  /** It acts only where the focus is in no text field. */
  | { kind: 'type'; hand: string | null; occasion: Occasion }
  /** It goes on with what `hand` began. `point` is where a mouse button is let go. */
  | { kind: 'later'; hand: string; last: boolean; point?: Point | null }
  /** The character of the key that is down; `enter` where it is one that acts by itself. */
  | { kind: 'char'; enter: boolean }

const PASS: Part = { kind: 'pass' }

/** Reads an `Input` command (https://chromedevtools.github.io/devtools-protocol/tot/Input). What is not
 * known acts, on a target that is not known. */
export function partOf(method: string, params: Params): Part {
  const read = PARTS[method]
  return read ? read(params, textOf(params.type) ?? '') : once(null, { gesture: 'click' })
}

const PARTS: Readonly<Record<string, (params: Params, type: string) => Part>> = {
  'Input.dispatchMouseEvent': mouse,
  'Input.emulateTouchFromMouseEvent': mouse,
  'Input.dispatchKeyEvent': key,
  'Input.dispatchTouchEvent': touch,
  'Input.dispatchDragEvent': (params, type) =>
    type === 'drop' ? once(pointOf(params), { gesture: 'drop' }) : PASS,
  'Input.synthesizeTapGesture': (params) => once(pointOf(params), { gesture: 'click' }),
  'Input.insertText': (params) => typed(textOf(params.text) ?? ''),
  'Input.imeSetComposition': (params) => typed(textOf(params.text) ?? ''),
  'Input.synthesizePinchGesture': () => PASS,
  'Input.synthesizeScrollGesture': () => PASS,
  'Input.cancelDragging': () => PASS,
  'Input.setInterceptDrags': () => PASS,
  'Input.setIgnoreInputEvents': () => PASS,
}

function mouse(params: Params, type: string): Part {
  const point = pointOf(params)
  const hand = 'mouse'
  if (type === 'mouseMoved' || type === 'mouseWheel') return PASS
  if (type === 'mouseReleased') return { kind: 'later', hand, last: true, point }
  return { kind: 'begin', hand, aim: point && { point }, occasion: { gesture: 'click' } }
}

function key(params: Params, type: string): Part {
  const hand = `key ${textOf(params.code) || textOf(params.key) || ''}`
  if (type === 'keyUp') return { kind: 'later', hand, last: true }
  if (type === 'char') return { kind: 'char', enter: keyOf(params).does === 'act' }
  const { does, name } = keyOf(params)
  const occasion: Occasion = { gesture: 'key', key: name }
  if (does === 'pass') return PASS
  return does === 'type'
    ? { kind: 'type', hand, occasion }
    : { kind: 'begin', hand, aim: 'focus', occasion }
}

/** A tap acts when the finger is lifted, but it is held from the start: held in the middle it would
 * become a long press. */
function touch(params: Params, type: string): Part {
  const hand = 'touch'
  if (type !== 'touchStart')
    return { kind: 'later', hand, last: type === 'touchEnd' || type === 'touchCancel' }
  const points = Array.isArray(params.touchPoints) ? params.touchPoints : []
  // Of several fingers nobody can say which one it is about.
  const point = points.length === 1 ? pointOf(paramsOf(points[0])) : null
  return { kind: 'begin', hand, aim: point && { point }, occasion: { gesture: 'click' } }
}

function typed(text: string): Part {
  return { kind: 'type', hand: null, occasion: { gesture: 'key', key: [...text][0] ?? 'text' } }
}

function once(point: Point | null, occasion: Occasion): Part {
  return { kind: 'begin', hand: 'once', aim: point && { point }, occasion }
}

function pointOf({ x, y }: Params): Point | null {
  const [left, top] = [numberOf(x), numberOf(y)]
  return left === undefined || top === undefined ? null : { x: left, y: top }
}
