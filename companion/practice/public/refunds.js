// The refund desk's own behaviour: the preview asks the server to compute, and changes nothing. The
// refund itself is a plain form that the browser posts.

const refund = document.querySelector('[data-refund]')

refund?.querySelector('[data-preview]').addEventListener('click', async () => {
  const amount = encodeURIComponent(refund.querySelector('[name="amount"]').value)
  const response = await fetch(`/refunds/${refund.dataset.refund}/preview?amount=${amount}`)
  const answer = await response.json()
  refund.querySelector('[data-result]').hidden = !response.ok
  if (!response.ok) return toast(answer.message)
  for (const name of ['customer', 'fee', 'left'])
    refund.querySelector(`[data-${name}]`).textContent = answer[name]
})
