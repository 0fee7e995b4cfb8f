import { numberOf, type Params, paramsOf, textOf } from './cdp.ts'

/** One frame of a stack, by script, line and column from 0. */
export interface StackFrame {
  script: string
  url: string
  functionName: string
  line: number
  column: number
}

/** How a request came about: the frames of its stack, the innermost first, with those of the tasks
 * that led to it. From `Network.Initiator`; asynchronous parents are there only where
 * `Runtime.setAsyncCallStackDepth` was on when the task was scheduled. */
export interface Chain {
  frames: readonly StackFrame[]
  /** Last frame of the innermost stack: what the browser itself called. */
  entry: StackFrame | null
  /** How the tasks were scheduled, the innermost first: `setTimeout`, `Promise.then`, ... */
  tasks: readonly string[]
  /** A stack is as long as V8 tells of: nobody knows what called its outermost frame. */
  cut: boolean
}

export const NO_CHAIN: Chain = { frames: [], entry: null, tasks: [], cut: false }

/** `kMaxCallStackSizeToCapture` of V8's inspector. */
const MOST_FRAMES = 200

/** Longer chains are cut: what matters stands at their two ends, and V8 keeps 32 tasks at most. */
const MOST_STACKS = 64

export function chainOf(initiator: Params): Chain {
  const frames: StackFrame[] = []
  const tasks: string[] = []
  let entry: StackFrame | null = null
  let cut = false
  let stack = initiator.stack === undefined ? undefined : paramsOf(initiator.stack)
  for (let depth = 0; stack !== undefined && depth < MOST_STACKS; depth++) {
    const own = (Array.isArray(stack.callFrames) ? stack.callFrames : []).map(frameOf)
    frames.push(...own)
    cut ||= own.length >= MOST_FRAMES
    if (depth === 0) entry = own.at(-1) ?? null
    else tasks.push(textOf(stack.description) ?? '')
    stack = stack.parent === undefined ? undefined : paramsOf(stack.parent)
  }
  return { frames, entry, tasks, cut }
}

/** Whether code that did not come from the page's server had a hand in it. Evaluated code has no
 * address (Playwright, Selenium, a bare client) or one that the client gave it. The same is true of
 * `eval`, `new Function` and scripts that a page inserts as text, which cannot be told from it: what
 * such code sends is asked about under the same name. So is what has come too deep to tell.
 * Code can claim any address; see page-scripts.ts. */
export function isAgentScript(chain: Chain): boolean {
  return chain.cut || chain.frames.some(({ url }) => AGENT_URL.test(url))
}

const AGENT_URL = /^$|^pptr:|^__(?:playwright|puppeteer)|^(?:holdpoint|stagehand|chromedriver)[-:]/

/** Whether it runs again and again, or when nothing else does: the page's own doing. */
export function isRecurring(chain: Chain): boolean {
  const root = chain.tasks.at(-1) ?? ''
  return root === 'setInterval' || root === 'requestIdleCallback'
}

function frameOf(value: unknown): StackFrame {
  const frame = paramsOf(value)
  return {
    script: textOf(frame.scriptId) ?? '',
    url: textOf(frame.url) ?? '',
    functionName: textOf(frame.functionName) ?? '',
    line: numberOf(frame.lineNumber) ?? 0,
    column: numberOf(frame.columnNumber) ?? 0,
  }
}
