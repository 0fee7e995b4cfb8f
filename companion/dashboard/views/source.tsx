import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { PolicyView } from '#shared/protocol/api.ts'

/** The policy file with line numbers; `line` is shown and brought into view, problems are marked. */
export function Source({ policy, line }: { policy: PolicyView; line: number | null }): JSX.Element {
  const marked = useRef<HTMLLIElement>(null)
  const broken = new Set(policy.problems.map((problem) => problem.line))
  useEffect(() => {
    marked.current?.scrollIntoView({ block: 'center' })
  }, [line])
  return (
    <section class="panel" aria-labelledby="source-title">
      <h2 class="panel-title" id="source-title">
        Source
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <ol class="source" tabIndex={0}>
        {policy.text.split('\n').map((text, index) => (
          <li
            key={index}
            ref={index + 1 === line ? marked : null}
            class={broken.has(index + 1) ? 'broken' : undefined}
            aria-current={index + 1 === line ? 'location' : undefined}
          >
            <code>{text === '' ? ' ' : text}</code>
          </li>
        ))}
      </ol>
    </section>
  )
}
