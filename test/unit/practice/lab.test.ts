import { describe, expect, it } from 'vitest'
import { practiceSite } from '#companion/practice/site.ts'

describe('practice lab', () => {
  it('records what a control sent, under the name of the control', async () => {
    const { app, truth } = practiceSite()
    const body = new URLSearchParams({ amount: '2500.00' })
    await app.request('/lab/effects/grows-on-submit', { method: 'POST', body })
    expect(truth()).toMatchObject([
      { what: 'lab effect', details: { control: 'grows-on-submit', amount: '2500.00' } },
    ])
  })

  it('records the effect behind a GET link', async () => {
    const { app, truth } = practiceSite()
    await app.request('/lab/unsubscribe')
    expect(truth()).toMatchObject([{ method: 'GET', details: { control: 'unsubscribe-link' } }])
  })

  it('answers a form in a frame with the frame, and one in the page with the page', async () => {
    const { app } = practiceSite()
    const post = (headers: Record<string, string>) =>
      app.request('/lab/effects/payout-alpha', { method: 'POST', headers })
    const framed = await post({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' })
    expect(await framed.text()).toContain('Payout alpha')
    const whole = await post({ 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' })
    expect(whole.headers.get('location')).toBe('/lab?note=received')
    expect(await (await post({ 'sec-fetch-mode': 'cors' })).json()).toEqual({ received: true })
  })
})
