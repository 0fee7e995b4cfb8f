/** Whether two addresses belong to one site, so that what a click causes there is the page's own
 * business. Narrower than the browser's notion where there is doubt: the public suffix list is not
 * consulted, so two hosts are siblings only below a name that cannot be a suffix. */
export function isSameSite(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return false
  const [a, b] = [new URL(one), new URL(other)]
  if (a.protocol !== b.protocol || !/^https?:$/.test(a.protocol)) return false
  if (a.host === b.host) return true
  if (a.hostname === b.hostname) return true
  if (/^[\d.]+$|^\[/.test(a.hostname) || /^[\d.]+$|^\[/.test(b.hostname)) return false
  const shared = sharedLabels(a.hostname, b.hostname)
  return shared.length >= 2 && !isSuffix(shared)
}

export function sameOrigin(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return false
  const { origin } = new URL(one)
  return origin !== 'null' && origin === new URL(other).origin
}

function sharedLabels(one: string, other: string): string[] {
  const [a, b] = [one.split('.').reverse(), other.split('.').reverse()]
  const differs = a.findIndex((label, at) => label !== b[at])
  return (differs < 0 ? a : a.slice(0, differs)).reverse()
}

/** `co.uk` and the like, and hosts whose names belong to different people. */
function isSuffix(labels: readonly string[]): boolean {
  const name = labels.join('.')
  const [second = '', top = ''] = labels.slice(-2)
  if (labels.length === 2 && top.length === 2 && second.length <= 3) return true
  return HOSTING.test(name)
}

const HOSTING =
  /^(?:(?:[\w-]+\.)?(?:github|gitlab|netlify|vercel|pages|workers|web|firebaseapp|herokuapp|appspot|azurewebsites|cloudfront|amazonaws|onrender|fly|railway|surge|glitch|replit|repl|ngrok|ngrok-free|blogspot|wordpress|myshopify|webflow|wixsite|squarespace|zendesk|atlassian|sharepoint|force|salesforce|my|cloudapp|windows|digitaloceanspaces|r2|deno|supabase|run)\.(?:app|dev|io|com|net|me|sh|co|site|page|test|localhost))$/
