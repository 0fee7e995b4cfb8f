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
