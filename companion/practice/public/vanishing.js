// Removes every dialog, and everything that anyone adds beside head and body.

new MutationObserver(() => {
  for (const dialog of document.querySelectorAll('dialog')) dialog.remove()
  for (const child of [...document.documentElement.children])
    if (child !== document.head && child !== document.body) child.remove()
}).observe(document.documentElement, { childList: true, subtree: true })
