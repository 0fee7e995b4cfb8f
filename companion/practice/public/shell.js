// Behaviour that every page of the practice site shares: theme, menus, dialogs, tabs, toast.
// All of it stays in the page: nothing here sends a request.

document.addEventListener('click', (event) => {
  const control = event.target instanceof Element ? event.target.closest('button, summary') : null
  if (!control?.closest('.menu')) closeMenus(null)
  if (!control) return
  if (control.matches('[data-theme-toggle]')) toggleTheme()
  if (control.matches('[aria-haspopup="menu"]')) toggleMenu(control)
  if (control.matches('[data-open]')) document.getElementById(control.dataset.open)?.showModal()
  if (control.matches('[data-close]')) control.closest('dialog')?.close()
  if (control.matches('[role="tab"]')) selectTab(control)
})

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') closeMenus(null)
})

const wanted = localStorage.getItem('theme')
if (wanted) document.documentElement.dataset.theme = wanted

function toggleTheme() {
  const dark =
    document.documentElement.dataset.theme ??
    (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
  const next = dark === 'dark' ? 'light' : 'dark'
  document.documentElement.dataset.theme = next
  localStorage.setItem('theme', next)
}

function toggleMenu(button) {
  const open = button.getAttribute('aria-expanded') === 'true'
  closeMenus(button)
  button.setAttribute('aria-expanded', String(!open))
  const menu = document.getElementById(button.getAttribute('aria-controls') ?? '')
  if (menu) menu.hidden = open
}

function closeMenus(except) {
  for (const button of document.querySelectorAll('[aria-haspopup="menu"][aria-expanded="true"]')) {
    if (button === except) continue
    button.setAttribute('aria-expanded', 'false')
    const menu = document.getElementById(button.getAttribute('aria-controls') ?? '')
    if (menu) menu.hidden = true
  }
}

function selectTab(tab) {
  for (const other of tab.parentElement?.querySelectorAll('[role="tab"]') ?? []) {
    other.setAttribute('aria-selected', String(other === tab))
    const panel = document.getElementById(other.getAttribute('aria-controls') ?? '')
    if (panel) panel.hidden = other !== tab
  }
}

/** Shows a short note at the bottom of the page. */
globalThis.toast = (text) => {
  const place = document.querySelector('[data-toast]')
  if (place) place.textContent = text
}

/** Sends JSON; answers the parsed body, or null (and a note) where the server said no. */
globalThis.send = async (method, url, body) => {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  })
  const answer = await response.json()
  if (response.ok) return answer
  globalThis.toast(answer.message ?? 'That did not work')
  return null
}

// A note in the address is shown once; reloading the page should not show it again.
const address = new URL(location.href)
if (address.searchParams.has('note')) {
  address.searchParams.delete('note')
  history.replaceState(null, '', address)
}
