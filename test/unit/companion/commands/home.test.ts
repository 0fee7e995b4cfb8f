import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { filesOf, leaveHome, takeHome } from '#companion/commands/home.ts'

function newHome() {
  const home = mkdtempSync(join(tmpdir(), 'holdpoint-home-'))
  onTestFinished(() => {
    leaveHome(home)
    rmSync(home, { recursive: true, force: true })
  })
  return { home, state: filesOf(home).state }
}

/** The id of a process that has ended. */
const dead = spawnSync(process.execPath, ['--version']).pid

it('is taken once, also by those who find it left by a companion that was killed', async () => {
  const { home, state } = newHome()
  writeFileSync(state, JSON.stringify({ pid: dead, url: 'http://127.0.0.1:1' }))
  const taken = await Promise.all([takeHome(home), takeHome(home), takeHome(home)])
  expect(taken.filter(Boolean)).toHaveLength(1)
  expect(JSON.parse(readFileSync(state, 'utf8'))).toEqual({ pid: process.pid, url: null })
  expect(await takeHome(home)).toBe(false)
  leaveHome(home)
  expect(await takeHome(home)).toBe(true)
})

it('is not taken from one who is just writing that it is', async () => {
  const { home, state } = newHome()
  writeFileSync(state, '')
  expect(await takeHome(home)).toBe(false)
  const before = new Date(Date.now() - 5000)
  utimesSync(state, before, before)
  expect(await takeHome(home)).toBe(true)
})
