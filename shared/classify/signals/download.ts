import { type Clue, force, found } from '../evidence.ts'
import { meaning } from '../meaning.ts'

/** A file is put outside the browser. */
export const download: Clue = {
  id: 'download',
  find({ d }) {
    const file = d.link?.download || d.link?.scheme === 'blob' || isFileType(d.target.type)
    return file ? found(force.url, meaning('download'), 'the link downloads a file') : null
  },
}

/** `<a type>` names the kind of file a link leads to. */
function isFileType(type = ''): boolean {
  return type.startsWith('application/') && !/html|xml|json/.test(type)
}
