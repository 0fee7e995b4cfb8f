/** A point, in CSS px or as parts of a width and a height. */
export interface Point {
  x: number
  y: number
}

/** Where a point lies in a box that may be turned, scaled or skewed, as parts of its width and height;
 * null outside of it, and where perspective made it no parallelogram. `quad` is four corners, as
 * `DOM.getBoxModel` gives them: clockwise from the top left. */
export function partsOf(quad: readonly number[], { x, y }: Point): Point | null {
  const [ax = 0, ay = 0, bx = 0, by = 0, cx = 0, cy = 0, dx = 0, dy = 0] = quad
  if (quad.length !== 8 || Math.hypot(ax + cx - bx - dx, ay + cy - by - dy) > 1) return null
  const [ux, uy, vx, vy] = [bx - ax, by - ay, dx - ax, dy - ay]
  const area = ux * vy - uy * vx
  if (area === 0) return null
  const [px, py] = [x - ax, y - ay]
  const across = (px * vy - py * vx) / area
  const down = (ux * py - uy * px) / area
  const inside = across >= 0 && across <= 1 && down >= 0 && down <= 1
  return inside ? { x: across, y: down } : null
}
