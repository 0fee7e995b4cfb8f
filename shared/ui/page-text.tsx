import { Fragment, type JSX } from 'preact'
import type { Part } from './sentence.ts'

/** Words from outside, set apart and kept from reordering what stands around them. They arrive
 * already cleaned by `visible`; here they only ever become a text node. */
export function PageText({ children }: { children: string }): JSX.Element {
  return <bdi class="hp-page">{children}</bdi>
}

/** A sentence in pieces, foreign words set apart. */
export function Sentence({ parts }: { parts: readonly Part[] }): JSX.Element {
  return (
    <>
      {parts.map((part, index) => (
        <Fragment key={index}>
          {typeof part === 'string' ? part : <PageText>{part.page}</PageText>}
        </Fragment>
      ))}
    </>
  )
}
