/** A picture of the screen. */
export interface Screen {
  readonly width: number
  readonly height: number
  /** Colour of one pixel as 0xRRGGBB. */
  at(x: number, y: number): number
}

export interface Point {
  x: number
  y: number
}

export interface Area {
  left: number
  top: number
  right: number
  bottom: number
}

/** Runs of a colour that are shorter are letters and icons, in px. */
const SHORTEST_RUN = 8

/** Reads the XWD file that the X server keeps its screen in: a header of big-endian 32-bit words, a
 * colour map of 12 bytes each, then the pixels (`X11/XWDFile.h`). */
export function readScreen(file: Buffer): Screen {
  const word = (index: number) => file.readUInt32BE(index * 4)
  const [width, height, bitsPerPixel, bytesPerLine] = [word(4), word(5), word(11), word(12)]
  if (bitsPerPixel !== 32) throw new Error(`expected 32 bits per pixel, got ${bitsPerPixel}`)
  const start = word(0) + word(19) * 12
  const littleEndian = word(7) === 0
  return {
    width,
    height,
    at(x, y) {
      const place = start + y * bytesPerLine + x * 4
      const value = littleEndian ? file.readUInt32LE(place) : file.readUInt32BE(place)
      return value & 0xffffff
    },
  }
}

/** The largest patch in one of `colours`, such as a button; null where there is none of at least
 * 100 by 30 px. */
export function largestPatch(screen: Screen, colours: readonly number[]): Area | null {
  const patches: Area[] = []
  for (let y = 0; y < screen.height; y++) {
    for (const { left, right } of runs(screen, y, colours)) {
      const above = patches.find((p) => p.bottom >= y - 1 && p.left <= right && p.right >= left)
      if (above) {
        above.left = Math.min(above.left, left)
        above.right = Math.max(above.right, right)
        above.bottom = y
      } else patches.push({ left, right, top: y, bottom: y })
    }
  }
  const buttons = patches.filter((p) => p.right - p.left >= 100 && p.bottom - p.top >= 30)
  return buttons.sort((a, b) => size(b) - size(a))[0] ?? null
}

export function middle(area: Area): Point {
  const { left, right, top, bottom } = area
  return { x: Math.round((left + right) / 2), y: Math.round((top + bottom) / 2) }
}

function* runs(
  screen: Screen,
  y: number,
  colours: readonly number[],
): Generator<{ left: number; right: number }> {
  let left = 0
  for (let x = 0; x <= screen.width; x++) {
    if (x < screen.width && colours.includes(screen.at(x, y))) continue
    if (x - left >= SHORTEST_RUN) yield { left, right: x - 1 }
    left = x + 1
  }
}

function size({ left, right, top, bottom }: Area): number {
  return (right - left) * (bottom - top)
}
