// The CRM's own behaviour. Three places send something: the "done" toggle (PATCH), the confirmed
// single delete (DELETE) and the bulk form (a plain POST that the browser makes).

for (const button of document.querySelectorAll('[data-done]')) {
  button.addEventListener('click', async () => {
    const done = button.getAttribute('aria-pressed') !== 'true'
    const task = await send('PATCH', `/crm/tasks/${button.dataset.done}`, { done })
    if (!task) return
    button.setAttribute('aria-pressed', String(done))
    const label = button.querySelector('span')
    if (label) label.textContent = done ? 'Reopen' : 'Mark as done'
    else button.classList.toggle('primary', done)
    const badge = (button.closest('tr') ?? document).querySelector('[data-status] .badge')
    if (badge) {
      badge.textContent = task.status
      badge.className = `badge ${done ? 'good' : 'info'}`
    }
    toast(done ? 'Done' : 'Reopened')
  })
}

const confirmDelete = document.getElementById('confirm-delete')
let doomed = ''

for (const button of document.querySelectorAll('[data-delete]')) {
  button.addEventListener('click', () => {
    doomed = button.dataset.delete
    document.getElementById('delete-text').textContent =
      `${button.dataset.name} disappears for everyone in your team. This cannot be undone.`
    confirmDelete.showModal()
  })
}

confirmDelete?.querySelector('[data-confirm-delete]').addEventListener('click', async () => {
  const gone = await send('DELETE', `/crm/contacts/${doomed}`)
  confirmDelete.close()
  if (gone) location.assign('/crm/contacts?note=contacts-deleted')
})

const contacts = document.getElementById('contacts')
const boxes = [...(contacts?.querySelectorAll('input[name="id"]') ?? [])]

contacts?.addEventListener('change', (event) => {
  if (event.target.matches('[data-all]')) check(() => event.target.checked)
  showSelection()
})
contacts?.querySelector('[data-clear]').addEventListener('click', () => {
  check(() => false)
  showSelection()
})

function check(wanted) {
  for (const box of boxes) box.checked = wanted(box)
}

function showSelection() {
  const count = boxes.filter((box) => box.checked).length
  const noun = count === 1 ? 'contact' : 'contacts'
  contacts.querySelector('[data-selection]').hidden = count === 0
  contacts.querySelector('[data-selected]').textContent = `${count} selected`
  for (const place of contacts.querySelectorAll('[data-bulk]'))
    place.textContent = `Delete ${count} ${noun}`
  document.getElementById('bulk-title').textContent = `Delete ${count} ${noun}?`
  for (const box of boxes) box.closest('tr').classList.toggle('selected', box.checked)
  const all = contacts.querySelector('[data-all]')
  all.checked = count === boxes.length
  all.indeterminate = count > 0 && count < boxes.length
}
