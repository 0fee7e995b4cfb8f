// The mailbox's own behaviour. Typing in the composer saves a draft in the background, as real
// mail apps do; sending, saving by hand, trashing and restoring follow a person's act.

const composer = document.querySelector('[data-composer]')
let autosave = 0

if (composer) {
  const saved = composer.querySelector('[data-saved]')
  composer.addEventListener('input', () => {
    clearTimeout(autosave)
    saved.textContent = 'Writing…'
    autosave = setTimeout(() => saveDraft('autosave'), 600)
  })
  composer.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    void sendMail()
  })
  composer.querySelector('[data-send]').addEventListener('click', sendMail)
  composer.querySelector('[data-save]').addEventListener('click', () => saveDraft('button'))
  composer.querySelector('[data-show-copies]').addEventListener('click', (event) => {
    const open = event.currentTarget.getAttribute('aria-expanded') === 'true'
    event.currentTarget.setAttribute('aria-expanded', String(!open))
    for (const field of composer.querySelectorAll('[data-copies]')) field.hidden = open
  })
}

function written() {
  const value = (name) => composer.querySelector(`[name="${name}"]`).value
  return {
    draft: composer.dataset.draft ? Number(composer.dataset.draft) : null,
    to: value('to'),
    cc: value('cc'),
    bcc: value('bcc'),
    subject: value('subject'),
    body: value('body'),
  }
}

async function saveDraft(by) {
  clearTimeout(autosave)
  const draft = await send('POST', '/mail/drafts', { ...written(), by })
  if (!draft) return
  composer.dataset.draft = draft.id
  composer.querySelector('[data-saved]').textContent = 'Draft saved'
}

async function sendMail() {
  clearTimeout(autosave)
  const response = await fetch('/mail/send', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(written()),
  })
  if (response.ok) return location.assign('/mail?folder=sent&note=mail-sent')
  const problem = composer.querySelector('[data-problem]')
  problem.textContent = (await response.json()).message
  problem.hidden = false
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-trash], [data-restore]')
  if (button?.dataset.trash) void trash(button.dataset.trash)
  if (button?.dataset.restore) void restore(button.dataset.restore)
})

// Delete on a focused row of the list, or while one mail is open for reading.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Delete' || event.target.closest('input, textarea, [contenteditable]')) return
  const row = event.target.closest('[data-mail]') ?? document.querySelector('[data-open-mail]')
  if (row) void trash(row.dataset.mail)
})

async function trash(id) {
  if (await send('POST', `/mail/${id}/trash`)) location.assign('/mail?note=mail-trashed')
}

async function restore(id) {
  if (await send('POST', `/mail/${id}/restore`))
    location.assign('/mail?folder=trash&note=mail-restored')
}
