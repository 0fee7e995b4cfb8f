import { createParser } from 'eventsource-parser'
import { Frame } from '#shared/protocol/run.ts'
import type { Client } from './client.ts'

/** How soon a picture that broke off is asked for again. */
const AGAIN_MS = 2000

/** Hands on every frame of a run's pages until `until` aborts. */
export async function watchPicture(
  client: Client,
  run: string,
  onFrame: (frame: Frame) => void,
  until: AbortSignal,
): Promise<void> {
  const path = `v1/runs/${encodeURIComponent(run)}/picture`
  while (!until.aborted) {
    const response = await client.stream(path, { accept: 'text/event-stream' }, until)
    if (response?.body) await read(response.body, onFrame)
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
  }
}

async function read(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onFrame: (frame: Frame) => void,
): Promise<void> {
  const parser = createParser({
    onEvent({ data }) {
      const frame = Frame.safeParse(json(data))
      if (frame.success) onFrame(frame.data)
    },
  })
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      parser.feed(value)
    }
  } catch {
    // Broken off, or nobody looks any more: the caller knows which.
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Of a newer companion: not ours to show.
    return undefined
  }
}

/** A frame's picture, ready to be drawn; null where it is none. */
export async function bitmapOf({ jpeg }: Frame): Promise<ImageBitmap | null> {
  try {
    const bytes = Uint8Array.from(atob(jpeg), (letter) => letter.charCodeAt(0))
    return await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }))
  } catch {
    // The page chooses what is on the picture, never its format; a broken one is not drawn.
    return null
  }
}
