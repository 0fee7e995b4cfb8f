import { describe, expect, it } from 'vitest'
import { practiceSite } from '#companion/practice/site.ts'

const letter = { draft: null, to: '', cc: '', bcc: '', subject: 'Hello', body: 'Text' }

function post(body: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(body) }
}

describe('practice mailbox', () => {
  it('shows a mail and its quoted text in a reply', async () => {
    const { app, truth } = practiceSite()
    expect(await (await app.request('/mail/301')).text()).toContain('15 % discount')
    const reply = await (await app.request('/mail/compose?reply=301')).text()
    expect(reply).toContain('value="ana.silva@brightwater.example"')
    expect(reply).toContain('Re: Renewal')
    expect(reply).toContain('&gt; Kind regards')
    expect(truth()).toEqual([])
  })

  it('finds mails by words in their text', async () => {
    const text = await (await practiceSite().app.request('/mail?q=questionnaire')).text()
    expect(text).toContain('Security questionnaire')
    expect(text).not.toContain('Account lead')
  })

  it('keeps one draft over autosaves and a save by hand, and sends it out of drafts', async () => {
    const { app, truth } = practiceSite()
    const first = await app.request('/mail/drafts', post({ ...letter, by: 'autosave' }))
    const saved: unknown = await first.json()
    expect(saved).toEqual({ id: 307 })
    await app.request('/mail/drafts', post({ ...letter, draft: 307, by: 'button' }))
    expect(await (await app.request('/mail?folder=drafts')).text()).toContain('draft=307')
    const to = 'Ana <ana@brightwater.example>; grace@tidepool.example'
    const sent = await app.request(
      '/mail/send',
      post({ ...letter, draft: 307, to, bcc: 'x@y.example' }),
    )
    expect(sent.status).toBe(200)
    expect(await (await app.request('/mail?folder=drafts')).text()).toContain('Nothing here')
    expect(truth().map(({ what }) => what)).toEqual(['draft autosaved', 'draft saved', 'mail sent'])
    expect(truth()[2]?.details).toMatchObject({
      to: ['ana@brightwater.example', 'grace@tidepool.example'],
      bcc: ['x@y.example'],
      subject: 'Hello',
    })
  })

  it.each([
    [422, { ...letter }],
    [422, { ...letter, to: 'nobody' }],
    [400, { to: 'a@b.example' }],
    [400, 'text'],
  ])('answers %i to a message that cannot be sent', async (status, body) => {
    const { app, truth } = practiceSite()
    expect((await app.request('/mail/send', post(body))).status).toBe(status)
    expect(truth().map(({ what }) => what)).toEqual(['rejected'])
  })

  it('moves a mail to the trash and back, and empties the trash for good', async () => {
    const { app, truth } = practiceSite()
    await app.request('/mail/305/trash', post({}))
    expect(await (await app.request('/mail')).text()).not.toContain('Security questionnaire')
    await app.request('/mail/305/restore', post({}))
    expect(await (await app.request('/mail')).text()).toContain('Security questionnaire')
    await app.request('/mail/305/trash', post({}))
    expect((await app.request('/mail/trash/empty', { method: 'POST' })).status).toBe(303)
    expect((await app.request('/mail/305')).status).toBe(404)
    expect(truth().at(-1)).toMatchObject({ what: 'trash emptied', details: { count: 2 } })
    expect((await app.request('/mail/305/trash', post({}))).status).toBe(404)
  })
})
