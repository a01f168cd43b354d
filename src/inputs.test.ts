import { describe, expect, test } from 'bun:test'
import { parseCommand } from './inputs/command.ts'
import { parseConfig } from './inputs/config.ts'
import { checkWindow, loadInputs } from './inputs.ts'
import { InputError } from './logs/input-error.ts'
import { DEFAULT_SETTINGS } from './types.ts'

const NOW = Date.UTC(2026, 10, 1)
const load = (args: readonly string[], config: string | null = null) =>
  loadInputs(
    parseCommand(args),
    config === null ? null : (faults) => parseConfig({ path: 'a.yml', text: config }, faults),
    NOW,
  )

const faultsOf = (args: readonly string[], config: string | null = null): string[] => {
  try {
    load(args, config)
  } catch (error) {
    if (error instanceof InputError) return error.message.split('\n')
    throw error
  }
  return []
}

describe('loadInputs', () => {
  test('has a default for everything', () => {
    expect(load([])).toEqual({
      paths: [],
      baselinePaths: [],
      out: 'anomaly-report',
      settings: { ...DEFAULT_SETTINGS, now: NOW },
      read: { timezone: 'UTC', format: null, map: new Map(), logFormat: null },
      schemaPaths: new Map(),
      openapiPath: null,
      failOn: null,
      warnOn: null,
      charts: true,
      quiet: false,
      quickchartHost: null,
      redact: true,
      generate: { rows: 50_000, days: 14, clean: false },
    })
  })

  test('takes every option', () => {
    const reading = load(
      `a.csv - --out r --baseline b.csv --baseline c/ --format csv --map status=code --map time=at --window 30s
       --timezone Europe/Berlin --seed 7 --sensitivity low --fail-on high --warn-on new-medium --forest ml-isolation-forest
       --quickchart-host charts.example.com --no-charts --quiet`.split(/\s+/),
    )
    expect(reading).toMatchObject({
      paths: ['a.csv', '-'],
      baselinePaths: ['b.csv', 'c/'],
      out: 'r',
      settings: { windowMs: 30_000, seed: 7, sensitivity: 'low', forest: 'ml-isolation-forest' },
      read: {
        timezone: 'Europe/Berlin',
        format: 'csv',
        map: new Map([
          ['status', 'code'],
          ['time', 'at'],
        ]),
      },
      failOn: 'high',
      warnOn: 'new-medium',
      charts: false,
      quiet: true,
      quickchartHost: 'https://charts.example.com',
    })
    expect(load(['a.csv', '--fail-on', 'none'])).toMatchObject({ failOn: null, warnOn: null })
    expect(load(['--rows', '10', '--days', '0.5', '--clean']).generate).toEqual({ rows: 10, days: 0.5, clean: true })
  })

  test('lets the command line win over the config file, and both over the defaults', () => {
    const config = `window: 1h
timezone: Asia/Tokyo
sensitivity: high
map: {status: code, time: at}
minimum: {share: 0.05}
objectives: {errorShare: 0.1}
openapi: api.yaml
payloadSchemas: {GET /: a.json}
redact: off
`
    const inputs = load(['a.csv', '--window', '5m', '--map', 'status=rc'], config)
    expect(inputs.settings).toEqual({
      ...DEFAULT_SETTINGS,
      windowMs: 300_000,
      sensitivity: 'high',
      minimum: { ...DEFAULT_SETTINGS.minimum, share: 0.05 },
      objectives: { ...DEFAULT_SETTINGS.objectives, errorShare: 0.1 },
      now: NOW,
    })
    expect(inputs).toMatchObject({
      read: {
        timezone: 'Asia/Tokyo',
        map: new Map([
          ['status', 'rc'],
          ['time', 'at'],
        ]),
      },
      openapiPath: 'api.yaml',
      schemaPaths: new Map([['GET /', 'a.json']]),
      redact: false,
    })
  })

  test('tells all faults of the command line and the config file at once', () => {
    const args =
      '--windw 1 --window fast --seed -- --sensitivity=mid --fail-on=all --forest=x --quickchart-host=a/b --timezone=Berlin'
    expect(faultsOf(args.split(' '), 'windw: 5m')).toEqual([
      "'--windw' is not an option (see --help)",
      "'--seed' must be followed by a value (N), got '--'",
      "'--fail-on' must be one of none, low, medium, high, critical, new-low, new-medium, new-high, new-critical, got 'all'",
      "'--quickchart-host' must be a host like quickchart.io or https://charts.example.com:8080, got 'a/b'",
      "'--window' must be like 30s, 5m, 1h or 1d, from 1s to 1d, got 'fast'",
      "'--sensitivity' must be one of low, normal, high, got 'mid'",
      "'--forest' must be one of isolation-forest, ml-isolation-forest, got 'x'",
      "'--timezone' must be an IANA time zone like UTC or Europe/Berlin, got 'Berlin'",
      expect.stringContaining("a.yml:1: 'windw' is not a key"),
    ])
  })

  test.each([
    [['--doctor'], "'--doctor' says what is in logs, and needs a FILE, DIR, GLOB or -"],
    [['--doctor', 'a.csv', '--quiet'], "'--quiet' has no effect beside '--doctor', which analyses nothing"],
    [
      ['a.csv', '--rows', '5'],
      "'--rows' says how to generate a log, and may not stand beside a log to read, got 'a.csv'",
    ],
    [['a.csv', '--clean'], "'--clean' says how to generate a log, and may not stand beside a log to read, got 'a.csv'"],
    [['--map', 'a=b'], "'--map' says how to read a log, and needs a FILE, DIR, GLOB or -"],
    [['--format', 'csv'], "'--format' says how to read a log, and needs a FILE, DIR, GLOB or -"],
    [[''], "a log must be a FILE, DIR, GLOB or -, got ''"],
    [['--seed', '1.5'], "'--seed' must be a whole number from 0 to 4294967295, got '1.5'"],
    [['--rows', '0'], "'--rows' must be a whole number from 1 to 1000000, got '0'"],
    [['--days', '400'], "'--days' must be a number from 0.01 to 365, got '400'"],
    [['--out='], "'--out' must be the path of a folder, got ''"],
    [['--map', 'status', 'a.csv'], "'--map' must be 'ours=theirs', like status=http_code, got 'status'"],
  ])('refuses %j', (args, fault) => {
    expect(faultsOf(args)).toEqual([fault])
  })
})

describe('checkWindow', () => {
  const day = 86_400_000
  test('allows what can be judged and names the least width otherwise', () => {
    expect(() => checkWindow(null, 365 * day)).not.toThrow()
    expect(() => checkWindow(60_000, 7 * day)).not.toThrow()
    expect(() => checkWindow(1_000, 14 * day)).toThrow(
      new InputError("'window' must cut the log into at most 10080 windows: at least 120s here, got 1s"),
    )
  })
})
