import type { ClosedDomain } from './method-group.ts'

/** Domains of which nothing is open except what the groups name. A method that the protocol adds here is
 * denied with the same reason. */
export const closed: Readonly<Record<string, ClosedDomain>> = {
  Autofill: { why: 'it reads and sets the addresses and cards that the browser keeps' },
  BackgroundService: { why: 'it reads what sites do in the background, also other sites' },
  BluetoothEmulation: { why: 'it poses as a device that the user has' },
  CacheStorage: {
    why: 'it reaches what other sites than that of the page have stored',
    instead: 'Use the Cache API by Runtime.evaluate in a page of that site.',
  },
  Cast: { why: 'it sends the screen to other devices' },
  CrashReportContext: { why: 'no client needs it and nobody has checked what it gives away' },
  DOMStorage: {
    why: 'it reaches what other sites than that of the page have stored',
    instead: 'Use localStorage by Runtime.evaluate in a page of that site.',
  },
  DigitalCredentials: { why: 'it answers for the wallet of the user' },
  Extensions: { why: 'an extension can do what pages cannot, past every hold' },
  FileSystem: { why: 'it reads files that a site keeps' },
  FindInPage: { why: 'no client needs it and nobody has checked what it gives away' },
  HeadlessExperimental: { why: 'it stops the frames of a page, and with them its input' },
  IndexedDB: {
    why: 'it reaches what other sites than that of the page have stored',
    instead: 'Use indexedDB by Runtime.evaluate in a page of that site.',
  },
  LayerTree: { why: 'no client needs it and nobody has checked what it gives away' },
  Memory: { why: 'it concerns the memory of the whole browser, also of other runs' },
  PWA: { why: 'it installs and starts applications on this computer' },
  ServiceWorker: {
    why: 'it sends events to workers, or ends them, without a page that asked for it',
    instead: 'Use navigator.serviceWorker by Runtime.evaluate.',
  },
  SmartCardEmulation: { why: 'it poses as a device that the user has' },
  SystemInfo: { why: 'it tells what this computer is made of and what runs on it' },
  Tethering: { why: 'it opens ports on this computer' },
  Tracing: {
    why: 'a trace covers the whole browser, also other runs, and can carry cookies and addresses',
    instead: 'Performance.getMetrics and Profiler.start are open.',
  },
  WebAudio: { why: 'no client needs it and nobody has checked what it gives away' },
  WebAuthn: { why: 'it poses as the security key of the user' },
}
