import 'wxt/browser'

declare global {
  /** True in the supervised build; set by wxt.config.ts. */
  const __SUPERVISED__: boolean
}

// WXT generates the list of paths into .wxt; type checks must not depend on a build.
declare module 'wxt/browser' {
  interface WxtRuntime {
    getURL(path: string): string
  }
}
