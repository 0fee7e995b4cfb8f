import { describe, expect, it } from 'vitest'
import { practiceSite, startPracticeSite } from '#companion/practice/site.ts'

const scripts = ['shell', 'crm', 'mail', 'refunds', 'lab', 'vanishing'].map((name) => `${name}.js`)

describe('practice site', () => {
  it.each([
    '/',
    '/crm',
    '/crm/tasks/101',
    '/crm/tasks/new',
    '/crm/contacts',
    '/crm/contacts/201',
    '/mail',
    '/mail/301',
    '/mail/compose',
    '/refunds',
    '/refunds/4404',
    '/lab',
    '/lab/vanishing',
    '/lab/frame/alpha',
  ])('answers %s with a page and changes nothing', async (path) => {
    const { app, truth } = practiceSite()
    const response = await app.request(path)
    expect(response.status).toBe(200)
    expect(await response.text()).toMatch(/<title>[^<]+<\/title>/)
    expect(truth()).toEqual([])
  })

  it.each([...scripts, 'site.css', 'icons.svg', 'logo.svg', 'pay.svg'])(
    'serves %s with its type and its text',
    async (name) => {
      const response = await practiceSite().app.request(`/assets/${name}`)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toMatch(/javascript|css|svg/)
      expect((await response.text()).length).toBeGreaterThan(100)
    },
  )

  it('uses no asset that it does not serve', async () => {
    const { app } = practiceSite()
    const paths = ['/', '/crm', '/mail', '/refunds/4404', '/lab', '/lab/vanishing']
    const pages = await Promise.all(paths.map(async (path) => (await app.request(path)).text()))
    const used = new Set(pages.join('').match(/\/assets\/[\w.]+/g))
    expect(used.size).toBeGreaterThan(5)
    for (const path of used) expect((await app.request(path)).status, path).toBe(200)
  })

  it('draws no icon that the sprite does not have', async () => {
    const { app } = practiceSite()
    const sprite = await (await app.request('/assets/icons.svg')).text()
    const paths = ['/', '/crm', '/crm/contacts/201', '/mail', '/mail/301', '/refunds', '/lab']
    for (const path of paths) {
      const text = await (await app.request(path)).text()
      for (const [, name] of text.matchAll(/icons\.svg#([\w-]+)/g))
        expect(sprite, `${path} uses ${name}`).toContain(`id="${name}"`)
    }
  })

  it('allows inline scripts in the lab only', async () => {
    const { app } = practiceSite()
    const policy = async (path: string) =>
      (await app.request(path)).headers.get('content-security-policy')
    expect(await policy('/lab')).toContain("'unsafe-inline'")
    expect(await policy('/crm')).not.toContain("'unsafe-inline'")
  })

  it('records a mutating request that no route took', async () => {
    const { app, truth } = practiceSite()
    await app.request('/nowhere', { method: 'PUT', body: 'x' })
    expect(truth()).toEqual([
      { seq: 1, method: 'PUT', path: '/nowhere', what: 'rejected', details: { status: 404 } },
    ])
  })

  it('tells the truth over HTTP, and forgets it with everything else on reset', async () => {
    const site = await startPracticeSite()
    try {
      await fetch(`${site.url}/crm/contacts/201`, { method: 'DELETE' })
      const told: unknown = await (await fetch(`${site.url}/truth`)).json()
      expect(told).toEqual(site.truth())
      expect(site.truth().map(({ what }) => what)).toEqual(['contact deleted'])
      expect((await fetch(`${site.url}/crm/contacts/201`)).status).toBe(404)
      site.reset()
      expect(site.truth()).toEqual([])
      expect((await fetch(`${site.url}/crm/contacts/201`)).status).toBe(200)
    } finally {
      await site.stop()
    }
    await expect(fetch(site.url)).rejects.toThrow()
  })
})
