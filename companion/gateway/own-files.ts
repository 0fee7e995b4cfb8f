import { realpathSync } from 'node:fs'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { type Params, paramsOf, textOf } from './cdp.ts'

/** Files and folders of this computer that a command names. */
export function filesNamed(method: string, params: Params): string[] {
  const { files, data, downloadPath } = params
  switch (method) {
    case 'DOM.setFileInputFiles':
      return textsOf(files)
    case 'Input.dispatchDragEvent':
      return textsOf(paramsOf(data).files)
    case 'Browser.setDownloadBehavior':
    case 'Page.setDownloadBehavior':
      return textsOf([downloadPath])
    default:
      return []
  }
}

/** Whether a file lies in a folder, by whatever way its path leads there; or is a folder that holds it,
 * which a page can be given as a whole (`webkitdirectory`). */
export function touches(file: string, folder: string): boolean {
  const [one, other] = [real(file), real(folder)]
  return isBelow(one, other) || isBelow(other, one)
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

function real(path: string): string {
  try {
    return realpathSync.native(path)
  } catch {
    return resolve(path) // there is no such file
  }
}

function textsOf(values: unknown): string[] {
  return Array.isArray(values) ? values.map(textOf).filter((text) => text !== undefined) : []
}
