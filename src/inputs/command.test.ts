import { describe, expect, test } from 'bun:test'
import { parseCommand, renderHelp } from './command.ts'

const parse = (...args: string[]) => {
  const { paths, values, faults } = parseCommand(args)
  return { paths, values: Object.fromEntries(values), faults }
}

describe('parseCommand', () => {
  test('takes paths, options, flags and repeated options', () => {
    expect(parse('a.csv', '--map', 'x=y', '-', '--map=status=code', '--out', 'r', '--quiet', 'b/*.gz')).toEqual({
      paths: ['a.csv', '-', 'b/*.gz'],
      values: { map: ['x=y', 'status=code'], out: ['r'], quiet: [''] },
      faults: [],
    })
  })

  test('takes the last of an option that counts once, and names after -- as paths', () => {
    expect(parse('--seed', '1', '--seed=2', '--', '--out').values).toEqual({ seed: ['2'] })
    expect(parse('--', '--out').paths).toEqual(['--out'])
  })

  test('takes a value with a dash only when it is tied to its option', () => {
    expect(parse('--out=-x').values).toEqual({ out: ['-x'] })
    expect(parse('--out', '-').values).toEqual({ out: ['-'] })
    expect(parse('--out', '--quiet').faults).toEqual(["'--out' must be followed by a value (DIR), got '--quiet'"])
  })

  test('tells every fault', () => {
    expect(parse('--windw', '5m', '-x', '--quiet=yes', '--no-quiet', '--constructor', '--out').faults).toEqual([
      "'--windw' is not an option (see --help)",
      "'-x' is not an option (see --help)",
      "'--quiet' takes no value, got 'yes'",
      "'--no-quiet' is not an option (see --help)",
      "'--constructor' is not an option (see --help)",
      "'--out' must be followed by a value (DIR), got none",
    ])
  })
})

describe('renderHelp', () => {
  const help = renderHelp()

  test('names every option once, in lines that fit a terminal', () => {
    const names = [...help.matchAll(/^ {2}--([a-z-]+)/gm)].map((match) => match[1])
    expect(names).toEqual([
      'out',
      'baseline',
      'config',
      'format',
      'map',
      'window',
      'timezone',
      'seed',
      'sensitivity',
      'fail-on',
      'warn-on',
      'forest',
      'quickchart-host',
      'doctor',
      'no-charts',
      'quiet',
      'help',
      'version',
      'rows',
      'days',
      'clean',
    ])
    for (const line of help.split('\n')) expect(line.length).toBeLessThanOrEqual(120)
  })

  test('has texts that line up', () => {
    const options = help.slice(help.indexOf('\nOptions'), help.indexOf('\nExit'))
    const lines = options.split('\n').filter((line) => line.startsWith('  ') && !/^ {2}--\S+ \S+\|\S+$/.test(line))
    expect(lines.length).toBeGreaterThan(15)
    for (const line of lines) expect(line).toMatch(/^.{29} \S/)
  })

  test('gives examples whose options exist', () => {
    for (const [, words] of help.matchAll(/bun scripts\/run\.ts (.+?)(?: {3}|$)/gm)) {
      if (words?.startsWith('[')) continue
      expect(parse(...(words ?? '').trim().split(/\s+/)).faults).toEqual([])
    }
  })
})
