import { describe, expect, it } from 'vitest'
import { practiceSite } from '#companion/practice/site.ts'

function refund(amount: string, reason = 'Goodwill'): RequestInit {
  return { method: 'POST', body: new URLSearchParams({ amount, reason }) }
}

describe('practice refund desk', () => {
  it('writes amounts as their market does', async () => {
    const text = await (await practiceSite().app.request('/refunds')).text()
    expect(text).toContain('$3,840.00')
    expect(text).toMatch(/1\.249,00\s€/)
  })

  it('previews without an effect', async () => {
    const { app, truth } = practiceSite()
    const preview = await app.request('/refunds/4404/preview?amount=18')
    expect(await preview.json()).toEqual({ customer: '$18.00', fee: '$0.25', left: '$56.00' })
    expect((await app.request('/refunds/4404/preview?amount=75')).status).toBe(422)
    expect(truth()).toEqual([])
  })

  it('refunds up to what was paid, and not a cent more', async () => {
    const { app, truth } = practiceSite()
    expect((await app.request('/refunds/4405/refund', refund('1.249,00'))).status).toBe(303)
    const again = await app.request('/refunds/4405/refund', refund('0,01'))
    expect(again.status).toBe(422)
    expect(truth()[0]?.details).toEqual({
      order: 4405,
      amount: 124900,
      currency: 'EUR',
      reason: 'Goodwill',
      customer: 'Diego Quintana',
    })
    expect(truth()[1]?.what).toBe('rejected')
  })

  it.each(['', '0', '-5', 'ten', '1.2.3'])('refuses the amount `%s`', async (amount) => {
    const { app } = practiceSite()
    expect((await app.request('/refunds/4404/refund', refund(amount))).status).toBe(422)
  })

  it('filters by status and exports everything', async () => {
    const { app, truth } = practiceSite()
    const partly = await (await app.request('/refunds?show=partly')).text()
    expect(partly).toContain('Order 4409')
    expect(partly).not.toContain('Order 4404')
    const file = await (await app.request('/refunds/export.csv')).text()
    expect(file.trim().split('\r\n')).toHaveLength(8)
    expect(file).toContain('"Cable kit, 12 pieces"')
    expect(truth()).toMatchObject([{ what: 'orders exported', details: { count: 7 } }])
  })
})
