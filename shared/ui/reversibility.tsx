import type { JSX } from 'preact'
import type { Hold } from '#shared/protocol/hold.ts'
import { Icon } from './icon.tsx'
import { PageText } from './page-text.tsx'
import { duration } from './time.ts'
import { visible } from './visible.ts'

/** Whether it can be taken back and how; says so where that could not be determined. */
export function Reversibility({
  hold,
}: {
  hold: Pick<Hold, 'classification' | 'decision'>
}): JSX.Element {
  const { effect } = hold.classification
  const undo = hold.decision.undo ?? hold.classification.undo
  if (effect === 'irreversible')
    return (
      <p class="hp-undo hp-oneway">
        <Icon name="oneway" size={18} />
        <span>
          <b>Cannot be undone.</b>
          {undo && (
            <>
              {' '}
              The nearest to it: <PageText>{visible(undo.path)}</PageText>
            </>
          )}
        </span>
      </p>
    )
  if (effect !== 'reversible')
    return (
      <p class="hp-undo hp-unsure">
        <Icon name="question" size={18} />
        <span>
          <b>Could not determine</b> whether this can be undone.
        </span>
      </p>
    )
  return (
    <p class="hp-undo hp-undoable">
      <Icon name="undo" size={18} />
      <span>
        <b>Can be undone</b>
        {undo ? (
          <>
            {undo.within && ` within ${duration(undo.within)}`}:{' '}
            <PageText>{visible(undo.path)}</PageText>
          </>
        ) : (
          ', but where is not known.'
        )}
      </span>
    </p>
  )
}
