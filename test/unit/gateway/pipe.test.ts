import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Pipe } from '#companion/gateway/pipe.ts'
import { fakeBrowser } from './fake-browser.ts'

const turn = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('the debugging pipe', () => {
  it('puts messages together that come in pieces, and takes several at once', async () => {
    const reader = new PassThrough()
    const pipe = new Pipe(new PassThrough(), reader)
    const seen: string[] = []
    pipe.onEvent(({ method, sessionId, params }) =>
      seen.push(`${method} ${sessionId} ${JSON.stringify(params)}`),
    )
    const bytes = Buffer.from(
      '{"method":"A.b","params":{"x":"é€"},"sessionId":"S1"}\0{"method":"A.c","params":{}}\0',
    )
    for (const byte of bytes) reader.write(Buffer.from([byte]))
    reader.write(Buffer.concat([bytes, bytes]))
    await turn()
    const [one, two] = ['A.b S1 {"x":"é€"}', 'A.c undefined {}']
    expect(seen).toEqual([one, two, one, two, one, two])
  })

  it('takes the session from the end of a message, whatever a page has put inside', async () => {
    const browser = fakeBrowser()
    const seen: (string | undefined)[] = []
    browser.pipe.onEvent(({ sessionId }) => seen.push(sessionId))
    browser.emit('A.b', { x: ',"sessionId":"S9"}' }, 'S1')
    browser.emit('A.b', { sessionId: 'S9' })
    browser.emit('A.b', { x: { sessionId: 'S9' } })
    browser.emit('A.b', { x: '"},"sessionId":"S9"}' })
    await turn()
    expect(seen).toEqual(['S1', undefined, undefined, undefined])
  })

  it('goes on when a listener throws, and says so', async () => {
    const reader = new PassThrough()
    const reported: unknown[] = []
    const pipe = new Pipe(new PassThrough(), reader, (error) => reported.push(error))
    const seen: string[] = []
    const bad = (): never => {
      throw new Error('bad')
    }
    pipe.onEvent(bad)
    pipe.onEvent(({ method }) => seen.push(`all ${method}`))
    pipe.session('S1').on('A.b', bad)
    // Never called: the message cannot be read.
    pipe.session().on('A.c', () => seen.push('A.c'))
    pipe.session('S1').on('A.b', () => seen.push('S1'))
    for (const sessionId of ['S1', 'S2'])
      for (const method of ['A.x', 'A.y'])
        pipe.forward({ method, params: {}, sessionId }, (raw) => {
          seen.push(raw.includes('error') ? `${method} gone` : `${method} answered`)
          bad()
        })
    // Both in one chunk: what comes after is read all the same.
    reader.write('{"method":"A.b","params":{},"sessionId":"S1"}\0{"id":1,"result":{}}\0')
    reader.write('{"method":"A.c","params":{} broken}\0')
    reader.write('{"method":"Target.detachedFromTarget","params":{"sessionId":"S1"}}\0')
    await turn()
    const events = ['all A.b', 'S1', 'A.x answered', 'all A.c', 'all Target.detachedFromTarget']
    expect(seen).toEqual([...events, 'A.y gone'])
    reader.end()
    await pipe.closed
    expect(seen.slice(-2)).toEqual(['A.x gone', 'A.y gone'])
    expect(reported).toHaveLength(9)
    await expect(pipe.call('A.b')).rejects.toThrow('the browser has ended')
  })

  it('sends nothing that cannot be written', async () => {
    const browser = fakeBrowser()
    const round: Record<string, unknown> = {}
    round.self = round
    await expect(browser.pipe.call('A.b', round)).rejects.toThrow()
    await turn()
    expect(browser.sent).toEqual([])
  })

  it('rejects what waits when its session or the browser ends, after the listeners know', async () => {
    const writer = new PassThrough()
    const reader = new PassThrough()
    const pipe = new Pipe(writer, reader)
    const order: string[] = []
    pipe.session().on('Target.detachedFromTarget', () => order.push('event'))
    const gone = pipe.call('A.b', {}, 'S1').catch(({ message }) => order.push(message))
    const other = pipe.call('A.b', {}, 'S2').catch(({ message }) => order.push(message))
    reader.write('{"method":"Target.detachedFromTarget","params":{"sessionId":"S1"}}\0')
    await gone
    reader.end()
    await other
    await pipe.closed
    await expect(pipe.call('A.b')).rejects.toThrow('the browser has ended')
    expect(order).toEqual([
      'event',
      'A.b: the target of this session has gone',
      'A.b: the browser has ended',
    ])
  })
})
