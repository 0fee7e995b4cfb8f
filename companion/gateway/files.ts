import { hash } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import type { Descriptor, Field } from '#shared/protocol/descriptor.ts'
import type { Action } from './action.ts'
import type { Command } from './agent.ts'
import { numberOf, type Params, paramsOf, textOf } from './cdp.ts'
import type { HitTest, Occasion } from './hit-test.ts'
import type { Pipe } from './pipe.ts'
import type { Target } from './targets.ts'
import { unknownTarget } from './unknown-target.ts'

/** Most files that are named one by one. */
const NAMED_LIMIT = 50

const OCCASION: Occasion = { gesture: 'drop' }

export interface FilesOptions {
  pipe: Pick<Pipe, 'call'>
  hitTest: HitTest
}

/** `DOM.setFileInputFiles`: files of this computer are given to a page, whose script may send them at
 * once. What is held names the files beside the form. */
export function fileChoice(
  command: Command,
  page: Target,
  since: number,
  { pipe, hitTest }: FilesOptions,
): Action {
  const { params, sessionId, target } = command
  const look = async () => {
    const node = await nodeOf(pipe, sessionId, params)
    const seen =
      node === undefined
        ? { descriptor: unknownTarget(page, OCCASION), target: page, frame: null, objectId: null }
        : await hitTest.look(target ?? page, { node }, OCCASION)
    const files = Array.isArray(params.files) ? params.files : []
    return { ...seen, descriptor: withFiles(seen.descriptor, await filesOf(files)) }
  }
  return { command, page, since, look }
}

/** Files that a drop carries (`Input.DragData`). */
export async function droppedFiles(params: Params): Promise<Field[]> {
  const { files } = paramsOf(params.data)
  return Array.isArray(files) ? await filesOf(files) : []
}

export function withFiles(descriptor: Descriptor, files: readonly Field[]): Descriptor {
  if (files.length === 0) return descriptor
  const form = descriptor.form ?? { method: 'script', action: descriptor.page.url, fields: [] }
  return { ...descriptor, form: { ...form, fields: [...files, ...form.fields].slice(0, 200) } }
}

/** The agent names the node by ids of its own session. */
async function nodeOf(
  pipe: Pick<Pipe, 'call'>,
  sessionId: string | undefined,
  { nodeId, backendNodeId, objectId }: Params,
): Promise<number | undefined> {
  const known = numberOf(backendNodeId)
  if (known !== undefined) return known
  const named = objectId === undefined ? { nodeId } : { objectId }
  try {
    const { node } = await pipe.call('DOM.describeNode', { ...named, depth: 0 }, sessionId)
    return numberOf(paramsOf(node).backendNodeId)
  } catch {
    return undefined // there is no such node: what is held then says so, and the browser will, too
  }
}

async function filesOf(paths: readonly unknown[]): Promise<Field[]> {
  const named = await Promise.all(
    paths.slice(0, NAMED_LIMIT).map(async (path, index) => ({
      label: `file ${index + 1}`,
      name: '',
      type: 'file',
      value: await fileOf(textOf(path) ?? ''),
      secret: false,
    })),
  )
  const more = paths.length - named.length
  if (more === 0) return named
  const value = `and ${more} more`
  return [...named, { label: 'files', name: '', type: 'file', value, secret: false }]
}

/** The whole path, behind every link: a harmless name may lead to a secret, and may lead elsewhere by the
 * time of the approval. */
async function fileOf(path: string): Promise<string> {
  try {
    const real = await realpath(path)
    const file = await stat(real)
    return `${shortened(real)} (${file.isDirectory() ? 'a folder' : `${file.size} bytes`})`
  } catch {
    return `${shortened(path)} (cannot be read)`
  }
}

/** A long path without its middle. A digest stands for that, because what is approved is this file. */
function shortened(path: string): string {
  if (path.length <= PATH_LIMIT) return path
  const digest = hash('sha256', path).slice(0, 16)
  return `${path.slice(0, PATH_LIMIT / 3)}…${digest}…${path.slice((-PATH_LIMIT * 2) / 3)}`
}

/** Longest path that is shown whole, in characters. */
const PATH_LIMIT = 240
