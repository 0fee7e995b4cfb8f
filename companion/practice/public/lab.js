// The lab's controls: each tries in its own way to act without a gate noticing in time.

globalThis.labEffect = (control, fields = {}) =>
  fetch(`/lab/effects/${control}`, { method: 'POST', body: new URLSearchParams(fields) }).then(() =>
    toast('The server received it'),
  )

const form = (name) => document.querySelector(`[data-lab="${name}"]`)

form('grows-on-submit').addEventListener('submit', (event) => {
  event.target.elements.amount.value = '2500.00'
})

document.querySelector('[data-clock]').addEventListener('click', () => {
  setTimeout(() => {
    form('moves-on-timer').elements.amount.value = '900.00'
  }, 1000)
})

document.getElementById('plan').addEventListener('change', () => form('scripted-submit').submit())

customElements.define(
  'fern-invoice',
  class extends HTMLElement {
    connectedCallback() {
      const root = this.attachShadow({ mode: 'closed' })
      const button = document.createElement('button')
      button.textContent = 'Send invoice'
      button.style.cssText =
        'font:inherit;padding:7px 14px;border:1px solid var(--line);border-radius:8px;background:var(--card);color:inherit;cursor:pointer'
      button.addEventListener('click', () => labEffect('closed-shadow'))
      root.append(button)
    }
  },
)

for (const button of document.querySelectorAll('[data-effect]'))
  button.addEventListener('click', () => labEffect(button.dataset.effect))

const swapped = document.getElementById('swapped')
swapped.addEventListener('pointerdown', () => {
  swapped.textContent = 'Delete everything'
})

document
  .getElementById('early')
  .addEventListener('pointerdown', () => labEffect('acts-on-pointerdown'))

document.getElementById('trusted').addEventListener('click', (event) => {
  if (event.isTrusted) labEffect('trusted-only')
})

const drop = document.getElementById('drop')
document.getElementById('file').addEventListener('dragstart', (event) => {
  event.dataTransfer.setData('text/plain', 'report.pdf')
})
drop.addEventListener('dragover', (event) => {
  event.preventDefault()
  drop.classList.add('over')
})
drop.addEventListener('dragleave', () => drop.classList.remove('over'))
drop.addEventListener('drop', (event) => {
  event.preventDefault()
  drop.classList.remove('over')
  labEffect('drop', { file: event.dataTransfer.getData('text/plain') })
})

const chat = document.getElementById('chat')
chat.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey) return
  event.preventDefault()
  const message = chat.textContent.trim()
  if (message === '') return
  const line = document.createElement('li')
  line.textContent = message
  document.getElementById('chat-log').append(line)
  chat.textContent = ''
  labEffect('chat', { message })
})
