/** The one place that touches the browser's extension API object. */
export { type Browser, browser } from 'wxt/browser'
