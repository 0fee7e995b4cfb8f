import type { Descriptor, Target } from '#shared/protocol/descriptor.ts'
import { form as formOf } from './form.ts'
import { Glance } from './glance.ts'
import type { GlanceTarget } from './glance-target.ts'
import type { Occasion } from './occasion.ts'
import { terms } from './terms.ts'

/** What is about to happen when `target` is used: plain JSON that always satisfies the protocol's
 * schema, whatever the page is made of, in bounded time. */
export function describe(target: Element, occasion: Occasion): Descriptor {
  const seen = new Glance(target, occasion)
  const { door, provenance, gesture, key, page, link, request, dialog, source, acts } = seen
  const described = plain(seen.target)
  const facts = source && formOf(source)
  return {
    ...{ door, provenance, gesture },
    ...(key !== undefined && { key }),
    page,
    target: described,
    ...(facts && { form: facts.form }),
    ...(link && { link }),
    ...(request && { request }),
    ...(dialog && { dialog }),
    terms: terms({
      line: seen.line,
      name: described.name,
      lang: page.lang ?? '',
      // The address that one logs in with is nobody's recipient.
      fields: facts && facts.form.purpose !== 'login' ? facts.raw : [],
      controls: source?.controls ?? [],
      around: source?.around,
      dialog: dialog && `${dialog.name}\n${dialog.text}`,
      row: described.row,
      href: link?.href,
      commits: acts && !described.controls && !described.haspopup,
    }),
  }
}

function plain(seen: GlanceTarget): Target {
  const { role, name, visible, tag, type, path, heading, row, hints } = seen
  const { haspopup, expanded, checked, controls, editable } = seen
  return {
    ...{ role, name },
    ...(visible !== undefined && { visible }),
    tag,
    ...(type !== undefined && { type }),
    path,
    ...(heading !== undefined && { heading }),
    ...(row !== undefined && { row }),
    hints,
    ...(haspopup !== undefined && { haspopup }),
    ...(expanded !== undefined && { expanded }),
    ...(checked !== undefined && { checked }),
    ...(controls && { controls }),
    ...(editable && { editable }),
  }
}
