/** Sets styles that no stylesheet of the page can override. */
export function pin(element: HTMLElement, styles: Readonly<Record<string, string>>): void {
  element.style.setProperty('all', 'initial', 'important')
  for (const [name, value] of Object.entries(styles))
    element.style.setProperty(name, value, 'important')
}

/** A small box in the top layer that leaves the page usable. Its content lies in a closed shadow root,
 * out of reach of the page's scripts and styles; text goes in as text only. */
export function smallBox(content: HTMLElement): { host: HTMLElement; remove(): void } {
  const host = document.createElement('div')
  host.popover = 'manual'
  pin(host, { position: 'fixed', inset: 'auto 16px 16px auto', display: 'block' })
  pin(content, {
    display: 'block',
    'max-width': '360px',
    padding: '10px 14px',
    'border-radius': '10px',
    border: '1px solid #8886',
    background: '#1c1f26',
    color: '#f4f5f7',
    font: '14px/1.4 system-ui, sans-serif',
    'box-shadow': '0 6px 24px #0005',
  })
  host.attachShadow({ mode: 'closed' }).append(content)
  document.documentElement.append(host)
  host.showPopover?.()
  return { host, remove: () => host.remove() }
}
