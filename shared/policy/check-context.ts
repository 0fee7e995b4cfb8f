import type { Path, Report } from './check.ts'
import type { PolicyFile } from './schema.ts'
import { type TemplateUse, templateWrong } from './template.ts'

/** Context providers: a key never goes out in the clear, never to a host that the page chose, and is
 * never written in the policy. */
export function checkContext({ context }: PolicyFile, report: Report): void {
  for (const [name, provider] of Object.entries(context)) {
    const at = ['context', name]
    if (Object.keys(provider.gives).length === 0)
      report.problem([...at, 'gives'], 'no-facts', 'a provider gives at least one fact')
    if ('file' in provider) {
      if (provider.file.includes('{'))
        report.problem(
          [...at, 'file'],
          'bad-file',
          'the name of the file is written out; write `key: "{...}"` to choose a part of it',
        )
      if (provider.key !== undefined) checkTemplate(provider.key, 'value', [...at, 'key'], report)
    }
    if ('http' in provider) {
      checkTemplate(provider.http, 'lookup', [...at, 'http'], report)
      if (provider.auth !== undefined && !/^env:[A-Za-z_]\w*$/.test(provider.auth))
        report.problem(
          [...at, 'auth'],
          'bad-auth',
          'a secret is never written in the policy; name the environment variable that holds it, as in `env:CRM_TOKEN`',
        )
    }
  }
}

/** Names that nothing defines, and addresses that lead where nobody said. */
export function checkTemplate(text: string, use: TemplateUse, at: Path, { problem }: Report): void {
  const wrong = templateWrong(text, use)
  if (wrong !== null) problem(at, 'bad-template', wrong)
}
