import { describe, expect, it } from 'vitest'
import { practiceSite } from '#companion/practice/site.ts'

const task = {
  title: 'Prepare offer',
  account: 'Brightwater Labs',
  due: '2026-12-10',
  priority: 'Low',
  status: 'Waiting',
  notes: 'Ask <b>Ana</b>',
}

function form(fields: Record<string, string> | [string, string][]): RequestInit {
  return { method: 'POST', body: new URLSearchParams(fields) }
}

describe('practice CRM', () => {
  it('finds tasks by words and by status', async () => {
    const { app } = practiceSite()
    const text = await (await app.request('/crm?q=RENEWAL&status=All')).text()
    expect(text).toContain('Prepare renewal offer')
    expect(text).toContain('Check renewal paperwork')
    expect(text).not.toContain('Plan quarterly review')
    expect(await (await app.request('/crm?status=Done')).text()).not.toContain('Plan quarterly')
    expect(await (await app.request('/crm?q=nothing-like-this')).text()).toContain(
      'No task matches',
    )
  })

  it('saves an edited task, shows it escaped, and undoes it', async () => {
    const { app, truth } = practiceSite()
    const saved = await app.request('/crm/tasks/101', form(task))
    expect(saved.status).toBe(303)
    const text = await (await app.request('/crm/tasks/101')).text()
    expect(text).toContain('Ask &lt;b&gt;Ana&lt;/b&gt;')
    expect(text).not.toContain('<b>Ana')
    await app.request('/crm/tasks/101/revert', { method: 'POST' })
    expect(await (await app.request('/crm/tasks/101')).text()).toContain('Prepare renewal offer')
    expect(truth().map(({ what }) => what)).toEqual(['task updated', 'task reverted'])
    expect(truth()[0]?.details).toEqual({ id: 101, ...task })
  })

  it('creates a task, and refuses one without a title', async () => {
    const { app, truth } = practiceSite()
    const made = await app.request('/crm/tasks', form(task))
    expect(made.headers.get('location')).toMatch(/^\/crm\/tasks\/109/)
    expect((await app.request('/crm/tasks', form({ ...task, title: ' ' }))).status).toBe(422)
    expect(truth().map(({ what }) => what)).toEqual(['task created', 'rejected'])
  })

  it('marks a task as done and reopens it', async () => {
    const { app, truth } = practiceSite()
    const patch = (body: string) => app.request('/crm/tasks/102', { method: 'PATCH', body })
    expect(await (await patch('{"done":true}')).json()).toEqual({ id: 102, status: 'Done' })
    expect(await (await patch('{"done":false}')).json()).toEqual({ id: 102, status: 'Open' })
    expect((await patch('{"done":')).status).toBe(404)
    expect(truth().map(({ what }) => what)).toEqual(['task done', 'task reopened', 'rejected'])
  })

  it('deletes one contact, once', async () => {
    const { app, truth } = practiceSite()
    const gone = () => app.request('/crm/contacts/204', { method: 'DELETE' })
    expect((await gone()).status).toBe(200)
    expect((await gone()).status).toBe(404)
    expect(await (await app.request('/crm/contacts')).text()).not.toContain('Tomáš')
    expect(truth()[0]?.details).toEqual({ id: 204, name: 'Tomáš Novák' })
    expect(truth()[1]?.what).toBe('rejected')
  })

  it('deletes the selected contacts, and none where none is selected', async () => {
    const { app, truth } = practiceSite()
    const ids: [string, string][] = ['208', '209', '999'].map((id) => ['id', id])
    expect((await app.request('/crm/contacts/delete', form(ids))).status).toBe(303)
    expect((await app.request('/crm/contacts/delete', form([]))).status).toBe(404)
    expect(truth()[0]).toMatchObject({
      what: 'contacts deleted',
      details: { ids: [208, 209], count: 2 },
    })
    expect(truth()[1]?.what).toBe('rejected')
  })

  it('exports contacts as a file, and names with commas in quotes', async () => {
    const { app, truth } = practiceSite()
    const response = await app.request('/crm/contacts/export.csv')
    expect(response.headers.get('content-disposition')).toContain('attachment')
    const lines = (await response.text()).split('\r\n')
    expect(lines[0]).toBe('id,name,title,company,email,city,stage')
    expect(lines).toHaveLength(13)
    expect(truth()).toMatchObject([{ what: 'contacts exported', details: { count: 11 } }])
  })

  it.each(['/crm/tasks/1', '/crm/contacts/1', '/crm/tasks/x'])(
    'answers 404 for %s',
    async (path) => {
      expect((await practiceSite().app.request(path)).status).toBe(404)
    },
  )
})
