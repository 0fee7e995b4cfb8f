import { describe, expect, it } from 'vitest'
import { forServer, recordOf } from '#companion/proxy/headers.ts'

describe('headers', () => {
  it('reach a server in the order, case and number they came, without the stamp', () => {
    const raw = ['Host', 'a', 'X-Holdpoint-Stamp', 's', 'accept', '*/*', 'X-Two', '1', 'X-Two', '2']
    expect(forServer([...raw, 'Connection', 'close'], 'x-holdpoint-stamp')).toEqual([
      'Host',
      'a',
      'accept',
      '*/*',
      'X-Two',
      '1',
      'X-Two',
      '2',
      'Connection',
      'close',
    ])
  })

  it('say nothing to a server that was said to the proxy', () => {
    const raw = ['Host', 'a', 'Proxy-Connection', 'keep-alive', 'Proxy-Authorization', 'Basic x']
    expect(forServer(raw, 'x-holdpoint-stamp')).toEqual(['Host', 'a', 'Connection', 'keep-alive'])
  })

  it('are read without pseudo-headers and with repeated values joined', () => {
    const headers = { ':path': '/', accept: 'x', 'set-cookie': ['a', 'b'], missing: undefined }
    expect(recordOf(headers)).toEqual({ accept: 'x', 'set-cookie': 'a, b' })
  })
})
