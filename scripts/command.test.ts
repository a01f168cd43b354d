import { describe, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** Modules that others import; every other file here is a command. */
const MODULES = ['analyse.ts', 'command.ts', 'doctor.ts']
const commands = readdirSync(import.meta.dir).filter(
  (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !MODULES.includes(name),
)

function start(command: string, ...options: string[]) {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, join(import.meta.dir, command), ...options])
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() }
}

describe.each(commands)('bun scripts/%s', (command) => {
  test('prints its usage', () => {
    const { exitCode, stdout, stderr } = start(command, '--help')
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toStartWith(`Usage: bun scripts/${command}`)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThan(160)
  })

  test('tells an unknown option in one line and does nothing', () => {
    const { exitCode, stdout, stderr } = start(command, '--unheard-of')
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^[^\n]*--unheard-of[^\n]*\(?see --help\)?\n$/)
  })
})
