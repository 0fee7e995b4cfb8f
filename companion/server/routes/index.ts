import type { Routes, Services } from '../services.ts'
import { audit } from './audit.ts'
import { breaker } from './breaker.ts'
import { browsers } from './browsers.ts'
import { earned } from './earned.ts'
import { evaluate } from './evaluate.ts'
import { events } from './events.ts'
import { health } from './health.ts'
import { holds } from './holds.ts'
import { link } from './link.ts'
import { pair } from './pair.ts'
import { policy } from './policy.ts'
import { promotions } from './promotions.ts'
import { reviews } from './reviews.ts'
import { runPicture } from './run-picture.ts'
import { runs } from './runs.ts'
import { status } from './status.ts'
import { tokens } from './tokens.ts'
import { undo } from './undo.ts'

/** Everything under `/v1`. */
export const routes: readonly ((services: Services) => Routes)[] = [
  health,
  status,
  holds,
  evaluate,
  audit,
  runs,
  runPicture,
  browsers,
  policy,
  pair,
  tokens,
  breaker,
  reviews,
  earned,
  promotions,
  undo,
  events,
  link,
]
