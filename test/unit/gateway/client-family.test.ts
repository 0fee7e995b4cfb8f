import { describe, expect, it } from 'vitest'
import { familyOf, familyOfCommandLine } from '#companion/gateway/client-family.ts'

describe('which client it is', () => {
  it.each([
    ['Playwright/1.65.1 (x64; debian 12) node/20.20', 'playwright'],
    ['Puppeteer 24.43.1', 'puppeteer'],
    ['Stagehand/3.7.3', 'stagehand'],
    ['chromedriver', 'selenium'],
    ['node', null],
    [undefined, null],
  ])('by the user agent %s: %s', (agent, family) => {
    expect(familyOf(agent === undefined ? {} : { 'user-agent': agent })).toBe(family)
  })

  it('by its header, which counts more', () => {
    const headers = { 'user-agent': 'Playwright/1.65.1', 'x-holdpoint-client': 'playwright-mcp' }
    expect(familyOf(headers)).toBe('playwright-mcp')
    expect(familyOf({ ...headers, 'x-holdpoint-client': 'admin' })).toBe('playwright')
  })

  it.each([
    [
      '--disable-features=PaintHolding,DestroyProfileOnBrowserClose --user-data-dir=/tmp/playwright_x',
      'playwright',
    ],
    [
      '--disable-features=DestroyProfileOnBrowserClose --user-data-dir=/root/.cache/ms-playwright-mcp/mcp-chrome-f2',
      'playwright-mcp',
    ],
    ['--allow-pre-commit-input --user-data-dir=/tmp/puppeteer_dev_chrome_profile-x', 'puppeteer'],
    ['--allow-pre-commit-input --test-type=webdriver', 'selenium'],
    ['--headless', 'other'],
  ])('by its command line %s: %s', (line, family) => {
    expect(familyOfCommandLine(line.split(' '), {})).toBe(family)
    expect(familyOfCommandLine(line.split(' '), { HOLDPOINT_CLIENT: 'stagehand' })).toBe(
      'stagehand',
    )
  })
})
