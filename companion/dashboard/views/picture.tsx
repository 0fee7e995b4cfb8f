import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Frame } from '#shared/protocol/run.ts'
import { Icon } from '#shared/ui/icon.tsx'
import type { Desk } from '../desk.ts'
import { bitmapOf, watchPicture } from '../watch-picture.ts'

/** After this long without a first frame it is said that there is none. */
const PATIENCE_MS = 4000

/** The newest frame of a run that `wanted` accepts; null while there is none. Nothing is asked for
 * while this page is out of sight. */
export function useFrame(
  desk: Desk,
  run: string,
  wanted: (frame: Frame) => boolean,
  key: string,
): Frame | null {
  const [frame, setFrame] = useState<{ key: string; frame: Frame } | null>(null)
  const accept = useRef(wanted)
  accept.current = wanted
  useEffect(() => {
    let until: AbortController | undefined
    const look = () => {
      until?.abort()
      if (document.visibilityState !== 'visible') return
      until = new AbortController()
      const take = (next: Frame) => {
        if (accept.current(next)) setFrame({ key, frame: next })
      }
      void watchPicture(desk.client, run, take, until.signal)
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      until?.abort()
    }
  }, [desk, run, key])
  return frame?.key === key ? frame.frame : null
}

/** A page as it looks now, in a place that is there before the first frame comes: what stands below
 * must not move when it does. What would be acted on is marked here, never in the page. */
export function Picture(props: {
  frame: Frame | null
  label: string
  /** Only an outline around the target: the rest of the page is worked with. */
  plain?: boolean
  children?: ComponentChildren
}): JSX.Element {
  const { frame } = props
  const canvas = useRef<HTMLCanvasElement>(null)
  const late = useLate(frame === null)
  useEffect(() => {
    let still = true
    if (!frame) return
    void bitmapOf(frame).then((bitmap) => {
      const context = canvas.current?.getContext('2d')
      if (still && bitmap && canvas.current && context) {
        canvas.current.width = bitmap.width
        canvas.current.height = bitmap.height
        context.drawImage(bitmap, 0, 0)
      }
      bitmap?.close()
    })
    return () => {
      still = false
    }
  }, [frame])
  return (
    <div class="picture">
      <div
        class="picture-page"
        style={frame ? { aspectRatio: `${frame.width} / ${frame.height}` } : {}}
      >
        <canvas ref={canvas} role="img" aria-label={props.label} hidden={frame === null} />
        {frame?.box && <Mark frame={frame} box={frame.box} plain={props.plain ?? false} />}
        {props.children}
      </div>
      {frame === null && (
        <p class="picture-none">
          <Icon name={late ? 'alert' : 'clock'} size={18} />
          {late ? 'The page shows no picture right now.' : 'Waiting for the page’s picture…'}
        </p>
      )}
    </div>
  )
}

/** The target, with a little room around it; kept inside the picture where it is partly scrolled
 * away, and left out where it is wholly so. */
function Mark(props: {
  frame: Frame
  box: NonNullable<Frame['box']>
  plain: boolean
}): JSX.Element | null {
  const { frame, box, plain } = props
  const room = 4
  const left = Math.max(0, box.x - room)
  const top = Math.max(0, box.y - room)
  const right = Math.min(frame.width, box.x + box.width + room)
  const bottom = Math.min(frame.height, box.y + box.height + room)
  if (right <= left || bottom <= top) return null
  const part = (value: number, of: number) => `${(100 * value) / of}%`
  return (
    <span
      class={`picture-mark${plain ? ' plain' : ''}`}
      aria-hidden="true"
      style={{
        insetInlineStart: part(left, frame.width),
        insetBlockStart: part(top, frame.height),
        inlineSize: part(right - left, frame.width),
        blockSize: part(bottom - top, frame.height),
      }}
    />
  )
}

function useLate(waiting: boolean): boolean {
  const [late, setLate] = useState(false)
  useEffect(() => {
    setLate(false)
    if (!waiting) return
    const timer = setTimeout(() => setLate(true), PATIENCE_MS)
    return () => clearTimeout(timer)
  }, [waiting])
  return late
}
