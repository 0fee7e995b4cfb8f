import type { SuiteResult } from './client-suite-run.ts'

/** Why a test fails through the gateway and is meant to. */
interface Difference {
  why: string
  /** In the error's first lines. */
  error?: RegExp
  /** In the test's name. */
  test?: RegExp
}

/** Those of "What differs from a plain browser" in companion/gateway/README.md. */
const differences: readonly Difference[] = [
  {
    why: 'a method, or an address, that agents do not get',
    error: /Holdpoint did not send [A-Z]\w+\.\w+ to the browser/,
  },
  {
    why: 'cookies that scripts cannot read are left out of what an agent reads',
    test: /should properly report httpOnly cookie|should not override cookie header/,
  },
  {
    why: 'an answer that an agent makes up sets no cookies',
    test: /iframe should inherit cookies from parent|multiple set-cookie/,
  },
  {
    why: 'the proxy says otherwise that a server cannot be reached',
    error: /ERR_CONNECTION_REFUSED.*ERR_EMPTY_RESPONSE/,
  },
]

/** Why this failure is meant; undefined where nobody has said so. */
export function meant({ name, error }: SuiteResult): string | undefined {
  const found = differences.find(
    (one) => (one.error?.test(error) ?? true) && (one.test?.test(name) ?? true),
  )
  return found && `${found.why}${denied(error)}`
}

function denied(error: string): string {
  const method = /Holdpoint did not send (\S+) to/.exec(error)?.[1]
  return method === undefined ? '' : `: ${method}`
}
