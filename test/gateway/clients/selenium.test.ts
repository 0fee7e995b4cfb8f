import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Builder, By, Key, type WebDriver } from 'selenium-webdriver'
import { Options, ServiceBuilder } from 'selenium-webdriver/chrome.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, denialsReach, textOf } from './denials.ts'
import { type Stage, startStage } from './stage.ts'

/** It comes with the distribution's browser and has to be of the same version. */
const chromedriver = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'chromedriver'))
  .find((path) => existsSync(path))

const install =
  'chromedriver is missing: install chromium-driver (Debian), chromium-chromedriver (Ubuntu, Alpine) or chromedriver (Fedora)'

describe.skipIf(!chromedriver)(
  `Selenium by debuggerAddress${chromedriver ? '' : `: ${install}`}`,
  () => {
    let stage: Stage
    let driver: WebDriver

    beforeAll(async () => {
      stage = await startStage()
      const options = new Options()
      options.debuggerAddress(new URL(stage.cdp).host)
      driver = await new Builder()
        .forBrowser('chrome')
        .setChromeOptions(options)
        // With a path it looks for no driver to download.
        .setChromeService(new ServiceBuilder(chromedriver))
        .build()
    })

    afterAll(async () => {
      await driver?.quit()
      await stage?.stop()
    })

    const button = (name: string) => driver.findElement(By.xpath(`//button[.='${name}']`))
    const field = (label: string) =>
      driver.findElement(By.xpath(`//label[contains(., '${label}')]/input`))

    const client: Client = {
      open: (url) => driver.get(url),
      click: (name) => textOf(button(name).click()),
      enter: (label) => textOf(field(label).sendKeys('hello', Key.ENTER)),
    }

    it('navigates, clicks, types and reads', async () => {
      await driver.get(stage.site.url)
      expect(await driver.getTitle()).toBe('Counting /')
      await button('Show').click()
      expect(await driver.findElement(By.css('output')).getText()).toBe('shown')
      await field('Message').sendKeys('hello')
      expect(await field('Message').getAttribute('value')).toBe('hello')
      expect(await driver.executeScript('return 6 * 7')).toBe(42)
    })

    it('takes a screenshot', async () => {
      await driver.get(stage.site.url)
      const png = Buffer.from(await driver.takeScreenshot(), 'base64')
      expect(png.subarray(1, 4).toString()).toBe('PNG')
    })

    it('opens a window and works inside a frame of another site', async () => {
      await driver.switchTo().newWindow('tab')
      await driver.get(`${stage.site.url}/framed`)
      await driver.switchTo().frame(0)
      await button('Show').click()
      expect(await driver.findElement(By.css('button')).getText()).toBe('Shown')
      await driver.switchTo().defaultContent()
    })

    denialsReach(client, () => stage)

    it('reads a denial of an action chain', async () => {
      await driver.get(stage.site.url)
      const chain = driver
        .actions()
        .move({ origin: button('Delete all') })
        .click()
      expect(await textOf(chain.perform())).toContain('Holdpoint denied this action')
      expect(stage.site.count('/delete')).toBe(0)
      expect(await client.click('Show')).toBe('')
    })
  },
)
