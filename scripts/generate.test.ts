import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'generate-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function generate(...options: string[]) {
  const script = join(import.meta.dir, 'generate.ts')
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, script, ...options], { cwd: folder })
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() }
}

describe('bun scripts/generate.ts', () => {
  test('writes the log and the truth, the same for the same seed', () => {
    const options = ['--rows', '500', '--days', '3', '--seed', '9']
    const { exitCode, stdout, stderr } = generate('--out', 'first', ...options)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toStartWith(`wrote ${join('first', 'log.csv')} and ${join('first', 'truth.json')}: 500 records, `)
    expect(stdout.trimEnd()).not.toContain('\n')
    expect(readdirSync(join(folder, 'first')).toSorted()).toEqual(['log.csv', 'truth.json'])
    expect(JSON.parse(readFileSync(join(folder, 'first', 'truth.json'), 'utf8'))).toMatchObject({
      seed: 9,
      clean: false,
    })
    expect(
      readFileSync(join(folder, 'first', 'log.csv'), 'utf8')
        .trimEnd()
        .split('\n').length,
    ).toBe(501)

    generate('--out', 'second', ...options)
    for (const name of ['log.csv', 'truth.json']) {
      expect(readFileSync(join(folder, 'second', name))).toEqual(readFileSync(join(folder, 'first', name)))
    }
  })

  test.each([
    ['jsonl', 'log.jsonl'],
    ['nginx', 'access.log'],
    ['jtl', 'results.jtl'],
  ])('writes %s as %s', (form, file) => {
    expect(generate('--out', form, '--as', form, '--rows', '20', '--days', '1', '--clean').exitCode).toBe(0)
    expect(readdirSync(join(folder, form)).toSorted()).toEqual([file, 'truth.json'].toSorted())
    expect(JSON.parse(readFileSync(join(folder, form, 'truth.json'), 'utf8'))).toMatchObject({
      clean: true,
      events: [],
    })
  })

  test('prints its options', () => {
    const { exitCode, stdout } = generate('--help')
    expect(exitCode).toBe(0)
    for (const name of ['--out', '--as', '--rows', '--days', '--seed', '--clean']) expect(stdout).toContain(name)
  })

  test.each([
    [[], "'--out' must name a folder, got none"],
    [['--out', ''], "'--out' must name a folder, got ''"],
    [['--out', 'bad', '--as', 'xml'], "'--as' must be one of csv, jsonl, nginx, jtl, got 'xml'"],
    [['--out', 'bad', '--as', 'toString'], "'--as' must be one of csv, jsonl, nginx, jtl, got 'toString'"],
    [['--out', 'bad', '--rows', '0'], "'--rows' must be a whole number from 1 to 1000000, got '0'"],
    [['--out', 'bad', '--rows', '1.5'], "'--rows' must be a whole number from 1 to 1000000, got '1.5'"],
    [['--out', 'bad', '--rows', '1e3'], "'--rows' must be a whole number from 1 to 1000000, got '1e3'"],
    [['--out', 'bad', '--days', 'week'], "'--days' must be a number from 0.01 to 365, got 'week'"],
    [['--out', 'bad', '--seed=-1'], "'--seed' must be a whole number from 0 to 4294967295, got '-1'"],
    [['--out', 'bad', '--row', '5'], "'--row'"],
    [['--out', 'bad', 'extra'], "'extra'"],
    [['--out', 'bad', '--clean=yes'], "'--clean'"],
    [['--out'], "'--out"],
  ])('refuses %p in one line', (options, message) => {
    const { exitCode, stdout, stderr } = generate(...options)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trimEnd()).not.toContain('\n')
    expect(existsSync(join(folder, 'bad'))).toBe(false)
  })

  test('refuses a folder that is a file', () => {
    writeFileSync(join(folder, 'taken'), '')
    const { exitCode, stderr } = generate('--out', 'taken', '--rows', '10')
    expect(exitCode).toBe(2)
    expect(stderr).toStartWith("'--out' must be a folder that can be written to, got 'taken': ")
    expect(stderr.trimEnd()).not.toContain('\n')
  })
})
