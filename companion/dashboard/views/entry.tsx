import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { AuditTrace } from '#shared/protocol/access.ts'
import { Icon } from '#shared/ui/icon.tsx'
import { Sentence } from '#shared/ui/page-text.tsx'
import { Copy } from '../copy.tsx'
import type { Desk } from '../desk.ts'
import { readEntry } from '../read-entry.ts'
import { linkTo } from '../route.ts'
import { WaitsStill } from './approved.tsx'
import { KindTag } from './log-row.tsx'
import { Record } from './record.tsx'
import { TakeBack } from './take-back.tsx'
import { Trace } from './trace.tsx'

type Loaded =
  | { state: 'loading' }
  | { state: 'missing'; why: string }
  | { state: 'here'; trace: AuditTrace }

/** One entry with everything recorded of the same action, and its place in the chain. */
export function Entry({ desk, id }: { desk: Desk; id: string }): JSX.Element {
  const loaded = useTrace(desk, id)
  const seq = Number(/^hp_(\d+)$/.exec(id)?.[1] ?? 0)
  const followed = desk.arrived.value.some((entry) => entry.seq > seq)
  const last = !followed && (loaded.state !== 'here' || loaded.trace.last)
  return (
    <section class="view entry" aria-labelledby="entry-title">
      <header class="view-head">
        <a class="button back" href={linkTo('log')}>
          <Icon name="back" size={16} />
          Log
        </a>
        <h1 id="entry-title">
          <Copy value={id} />
        </h1>
        {loaded.state !== 'missing' && <Neighbours seq={seq} last={last} />}
      </header>
      {loaded.state === 'loading' && <div class="skeleton list-skeleton" aria-busy="true" />}
      {loaded.state === 'missing' && (
        <p class="empty empty-lead" role="status">
          {loaded.why}
        </p>
      )}
      {loaded.state === 'here' && <Shown desk={desk} trace={loaded.trace} />}
    </section>
  )
}

/** The entries before and after it in the chain; the last one has none after it. */
function Neighbours({ seq, last }: { seq: number; last: boolean }): JSX.Element {
  const next = (
    <>
      Next
      <Icon name="next" size={16} />
    </>
  )
  return (
    <nav class="steps" aria-label="Neighbours in the chain">
      {seq > 1 && (
        <a class="button" href={linkTo('log', `hp_${seq - 1}`)}>
          <Icon name="back" size={16} />
          Previous
        </a>
      )}
      {last ? (
        <button type="button" class="button" disabled>
          {next}
        </button>
      ) : (
        <a class="button" href={linkTo('log', `hp_${seq + 1}`)}>
          {next}
        </a>
      )}
    </nav>
  )
}

function Shown(props: { desk: Desk; trace: AuditTrace }): JSX.Element {
  const { entry, trace } = props.trace
  const reading = readEntry(entry)
  const action = trace.map(readEntry).find((each) => each.descriptor && each.classification)
  return (
    <>
      <div class="entry-lead">
        <KindTag reading={reading} />
        <p>
          <Sentence parts={(action ?? reading).says} />
        </p>
        <time class="hp-digits" dateTime={entry.at}>
          {new Date(entry.at).toLocaleString(undefined, {
            dateStyle: 'medium',
            timeStyle: 'medium',
          })}
        </time>
      </div>
      <WaitsStill desk={props.desk} id={entry.hold} />
      <TakeBack key={entry.id} desk={props.desk} trace={trace} />
      <div class="entry-grid">
        <Trace entries={trace.length > 0 ? trace : [entry]} current={entry.id} />
        <Record entry={entry} />
      </div>
    </>
  )
}

/** The trace of `id`, loaded again when an entry of the same action arrives. */
function useTrace(desk: Desk, id: string): Loaded {
  const [loaded, setLoaded] = useState<{ id: string; value: Loaded }>()
  const hold = loaded?.value.state === 'here' ? loaded.value.trace.entry.hold : null
  const news = desk.arrived.value.find(
    (one) => one.id === id || (hold !== null && one.hold === hold),
  )
  useEffect(() => {
    let still = true
    void desk.client.get(`v1/audit/${encodeURIComponent(id)}`, AuditTrace).then((result) => {
      if (!still) return
      const why =
        !result.ok && result.error.status === 404
          ? `There is no entry ${id}.`
          : 'This entry could not be loaded.'
      setLoaded({
        id,
        value: result.ok ? { state: 'here', trace: result.value } : { state: 'missing', why },
      })
    })
    return () => {
      still = false
    }
  }, [desk, id, news?.seq])
  return loaded?.id === id ? loaded.value : { state: 'loading' }
}
