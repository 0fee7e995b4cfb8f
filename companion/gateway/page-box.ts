import type { Box } from '#shared/protocol/run.ts'
import { numberOf, paramsOf } from './cdp.ts'
import type { Target } from './targets.ts'

/** Where an element is on the page, in CSS pixels of the page's viewport: through frames in processes
 * of their own, each of which knows its elements only within itself. Undefined where it has no box.
 * The viewport cuts nothing off: what is scrolled away has a place outside of it. */
export async function boxInPage(target: Target, backendNodeId: number): Promise<Box | undefined> {
  let quad = await quadOf(target, { backendNodeId }, 'border')
  for (let inner = target; quad && inner.type === 'iframe' && inner.parent; inner = inner.parent)
    quad = await outwards(quad, inner, inner.parent)
  return quad && bounds(quad)
}

/** Four corners, clockwise from the top left, as CDP's `DOM.Quad` has them. */
type Quad = readonly (readonly [number, number])[]

/** From a frame's own viewport to that of the frame around it. A frame may be scaled and rotated
 * (CSS transforms), so its corners are mapped, not shifted. */
async function outwards(quad: Quad, inner: Target, outer: Target): Promise<Quad | undefined> {
  // A frame's target has the frame's id.
  const owner = await outer.session.call('DOM.getFrameOwner', { frameId: inner.id })
  const backendNodeId = numberOf(owner.backendNodeId)
  if (backendNodeId === undefined) return undefined
  const content = await quadOf(outer, { backendNodeId }, 'content')
  const metrics = await inner.session.call('Page.getLayoutMetrics')
  const { clientWidth, clientHeight } = paramsOf(metrics.cssLayoutViewport)
  const [width, height] = [numberOf(clientWidth), numberOf(clientHeight)]
  const [origin, right, , down] = content ?? []
  if (!origin || !right || !down || !width || !height) return undefined
  return quad.map(([x, y]) => {
    const [u, v] = [x / width, y / height]
    return [
      origin[0] + u * (right[0] - origin[0]) + v * (down[0] - origin[0]),
      origin[1] + u * (right[1] - origin[1]) + v * (down[1] - origin[1]),
    ]
  })
}

async function quadOf(
  target: Target,
  node: { backendNodeId: number },
  part: 'border' | 'content',
): Promise<Quad | undefined> {
  const { model } = await target.session.call('DOM.getBoxModel', node)
  const quad = paramsOf(model)[part]
  if (!Array.isArray(quad) || quad.length !== 8) return undefined
  const at = (index: number) => numberOf(quad[index]) ?? 0
  return [0, 2, 4, 6].map((index) => [at(index), at(index + 1)])
}

function bounds(quad: Quad): Box {
  const [xs, ys] = [quad.map(([x]) => x), quad.map(([, y]) => y)]
  const [x, y] = [Math.min(...xs), Math.min(...ys)]
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y }
}
