/** What the contract test uses of selenium-webdriver, which brings no types. */
declare module 'selenium-webdriver' {
  import type { Options, ServiceBuilder } from 'selenium-webdriver/chrome.js'

  export interface WebElement {
    click(): Promise<void>
    sendKeys(...keys: string[]): Promise<void>
    getText(): Promise<string>
    getAttribute(name: string): Promise<string | null>
  }

  interface Actions {
    move(to: { origin: WebElement }): Actions
    click(): Actions
    perform(): Promise<void>
  }

  export interface WebDriver {
    get(url: string): Promise<void>
    getTitle(): Promise<string>
    /** Can be used at once as the element itself. */
    findElement(by: Locator): WebElement
    executeScript(script: string): Promise<unknown>
    takeScreenshot(): Promise<string>
    switchTo(): {
      newWindow(type: 'tab' | 'window'): Promise<void>
      frame(index: number): Promise<void>
      defaultContent(): Promise<void>
    }
    actions(): Actions
    quit(): Promise<void>
  }

  interface Locator {
    readonly using: string
  }

  export const By: {
    css(selector: string): Locator
    xpath(path: string): Locator
  }

  export const Key: { readonly ENTER: string }

  export class Builder {
    forBrowser(name: string): this
    setChromeOptions(options: Options): this
    setChromeService(service: ServiceBuilder): this
    build(): Promise<WebDriver>
  }
}

declare module 'selenium-webdriver/chrome.js' {
  export class Options {
    debuggerAddress(address: string): this
    setChromeBinaryPath(path: string): this
    addArguments(...switches: string[]): this
  }

  export class ServiceBuilder {
    constructor(path?: string)
  }
}
