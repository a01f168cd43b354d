/** The command as a user runs it: spawned, in an empty folder. */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-'))
  writeLog('day.csv', dayOfLog())
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function run(options: readonly string[], stdin = '') {
  const script = join(import.meta.dir, 'run.ts')
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, script, ...options], {
    cwd: folder,
    stdin: Buffer.from(stdin),
  })
  return { exitCode, stdout: stdout.toString(), stderr: stderr.toString() }
}

const words = (text: string): string[] => text.split(' ')
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
const list = (name: string): string[] =>
  readdirSync(join(folder, name), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()

function writeLog(name: string, text: string): void {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
}

interface Row {
  readonly minute: number
  readonly status?: string | number
  readonly ms?: string | number
  readonly service?: string
  readonly path?: string
}

const START = Date.UTC(2026, 4, 5)

function csv(rows: readonly Row[]): string {
  const lines = rows.map(({ minute, status = 200, ms = 20, service = 'api', path = '/orders' }) =>
    [new Date(START + minute * 60_000).toISOString(), status, ms, service, path].join(','),
  )
  return `timestamp,status,duration_ms,service,path\n${lines.join('\n')}\n`
}

/** A quiet day: five requests a minute, in which a service fails for an hour. */
function dayOfLog(): string {
  const rows = Array.from({ length: 24 * 60 * 5 }, (_, i): Row => {
    const minute = i / 5
    const failing = minute >= 720 && minute < 780 && i % 5 < 2
    return {
      minute,
      service: i % 5 < 3 ? 'checkout' : 'catalog',
      status: failing ? 500 : 200,
      ms: 20 + ((i * 7919) % 31),
    }
  })
  return csv(rows)
}

function incidentsOf(out: string): { severity: string; category: string; scope: Record<string, string> }[] {
  return JSON.parse(read(`${out}/incidents.json`)).incidents
}
const found = (out: string) => incidentsOf(out).filter(({ severity }) => severity !== 'low')

const CHARTS = words('anomalies-by-service anomaly-timeline error-rate-by-environment response-time traffic-forecast')
const REPORT = words('anomaly-state.json incidents.json master_anomalies.csv summary.md')

describe('without logs', () => {
  const options = words('--rows 4000 --days 4 --seed 5')

  test('generates, analyses, writes every file and says where', () => {
    const { exitCode, stdout, stderr } = run(options)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const files = list('anomaly-report')
    expect(files).toEqual(
      [
        ...REPORT,
        'charts',
        ...CHARTS.flatMap((name) => [`charts/${name}.png`, `charts/${name}.svg`]),
        'generated',
        'generated/log.csv',
        'generated/truth.json',
      ].toSorted(),
    )
    const written = stdout.split('\n').flatMap((line) => (line.startsWith('wrote ') ? [line.slice(6)] : []))
    expect(written.toSorted()).toEqual(
      files.filter((name) => name.includes('.')).map((name) => join('anomaly-report', name)),
    )
    expect(stdout).toMatch(/^SEVERITY|^No anomalies/)
    expect(read('anomaly-report/charts/response-time.png').slice(1, 4)).toBe('PNG')
    expect(JSON.parse(read('anomaly-report/incidents.json'))).toMatchObject({
      schema: 'api-anomaly/incidents@1',
      input: { rows: 4000, rejected: 0, files: ['generated/log.csv'], formats: ['csv'] },
    })
    expect(JSON.parse(read('anomaly-report/generated/truth.json')).events.length).toBeGreaterThan(0)
  })

  test('gives the same bytes for the same seed, wherever it writes, and leaves nothing stale', () => {
    expect(run([...options, '--no-charts', '--out', 'again/deeper']).exitCode).toBe(0)
    writeLog('anomaly-report/rejected.csv', 'of an earlier run\n')
    writeLog('anomaly-report/mine.txt', 'not ours\n')
    expect(run([...options, '--no-charts']).exitCode).toBe(0)
    expect(list('anomaly-report')).toEqual(
      [...REPORT, 'generated', 'generated/log.csv', 'generated/truth.json', 'mine.txt'].toSorted(),
    )
    for (const name of [...REPORT, 'generated/log.csv', 'generated/truth.json']) {
      expect(read(`anomaly-report/${name}`)).toBe(read(`again/deeper/${name}`))
    }
  })

  test('a search of the folder does not read what was generated there', () => {
    const { exitCode, stderr } = run(words('anomaly-report/.. --no-charts'))
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const { files } = JSON.parse(read('anomaly-report/incidents.json')).input
    expect(files.length).toBeGreaterThan(0)
    expect(files.filter((name: string) => name.startsWith('anomaly-report/'))).toEqual([])
  })
})

describe('with logs', () => {
  test('finds what is wrong in a file, and exits 1 when that reaches --fail-on', () => {
    const { exitCode, stdout } = run(words('day.csv --no-charts --out day --fail-on high'))
    expect(exitCode).toBe(1)
    expect(stdout).toContain('Error spike')
    expect(list('day')).toEqual(REPORT)
    expect(found('day')).toMatchObject([{ category: 'error_spike', scope: { service: 'checkout' } }])
    expect(run(words('day.csv --no-charts --quiet --out day2 --fail-on none'))).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    })
    for (const name of REPORT) expect(read(`day2/${name}`)).toBe(read(`day/${name}`))
  })

  test('reads standard input', () => {
    expect(run(words('- --no-charts --quiet --out piped'), read('day.csv'))).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '',
    })
    expect(found('piped')).toMatchObject([{ category: 'error_spike' }])
    expect(run(words('- --out none'), '')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('stdin') })
  })

  test('reads settings', () => {
    writeLog('api.yaml', 'openapi: 3.1.0\npaths: {}\n')
    writeLog(
      '.github/api-anomaly.yml',
      `openapi: api.yaml\nignore:\n  - category: error_spike\n    scope: { service: check* }\n    reason: known\n`,
    )
    const { exitCode } = run(words('day.csv --no-charts --out settings --fail-on medium'))
    rmSync(join(folder, '.github'), { recursive: true })
    expect(exitCode).toBe(0)
    expect(incidentsOf('settings').filter(({ category }) => category === 'error_spike')).toMatchObject([
      { severity: 'low', explanation: expect.stringContaining('Acknowledged: known.') },
    ])
  })

  test('reads lines by a log_format, and names endpoints by an OpenAPI file', () => {
    writeLog(
      'routes.yaml',
      'openapi: 3.1.0\nservers: [{ url: https://shop.example/v1 }]\npaths: { "/shops/{shop}/carts": {} }\n',
    )
    writeLog(
      'custom.yml',
      `openapi: routes.yaml\nlogFormat: '$msec|$status|$request_method $request_uri|$request_time'\n`,
    )
    const lines = Array.from({ length: 1200 }, (_, i) => {
      const status = i >= 700 && i < 760 ? 503 : 200
      return `${1_772_442_000 + i * 10}.000|${status}|GET /v1/shops/${i % 7 === 0 ? 'berlin' : 'oslo'}/carts|0.100`
    })
    writeLog('custom.log', lines.join('\n'))
    const { exitCode, stdout } = run(words('custom.log --no-charts --config custom.yml --out custom'))
    expect(exitCode).toBe(0)
    expect(stdout).toContain('times are when a request ended')
    const report = JSON.parse(readFileSync(join(folder, 'custom/incidents.json'), 'utf8'))
    expect(report.input).toMatchObject({ rows: 1200, formats: ['log_format'], endpoints: 1 })
    expect(report.incidents).toMatchObject([{ category: 'error_spike' }])
  })

  test('judges bodies by the schema of their route', () => {
    const line = (i: number) => {
      const bad = i >= 600 && i < 660
      const body = bad ? { total: 'unknown' } : { total: i }
      return JSON.stringify({
        time: START + i * 60_000,
        method: 'GET',
        path: '/cart',
        status: 200,
        region: i % 2 ? 'a' : 'b',
        body,
      })
    }
    writeLog('bodies.ndjson', Array.from({ length: 1440 }, (_, i) => line(i)).join('\n'))
    writeLog('cart.json', '{"properties": {"total": {"type": "number"}}}')
    writeLog('schema.yml', 'payloadSchemas: { GET /cart: cart.json }\n')
    expect(run(words('bodies.ndjson --no-charts --quiet --out plain')).exitCode).toBe(0)
    expect(found('plain')).toEqual([])
    expect(run(words('bodies.ndjson --no-charts --quiet --out schema --config schema.yml')).exitCode).toBe(0)
    expect(found('schema')).toMatchObject([{ category: 'silent_failure' }])
    expect(read('schema/master_anomalies.csv')).toContain('total must be number')
  })

  test('writes rejected lines with their reasons, and masks what is private', () => {
    writeLog(
      'some-bad.csv',
      `${csv(Array.from({ length: 50 }, (_, minute) => ({ minute })))}soon,200,1,api,/a?mail=jane@example.com\n`,
    )
    expect(run(words('some-bad.csv --no-charts --quiet --out rejected')).exitCode).toBe(0)
    const [header, line] = read('rejected/rejected.csv').split('\n')
    expect(header).toBe('file,line,reason,excerpt')
    expect(line).toStartWith('some-bad.csv,52,')
    expect(line).not.toContain('jane')
  })

  test('leaves a state that names nobody, and knows by it what was there before', () => {
    writeLog('people.csv', dayOfLog().replaceAll('checkout', 'queue of jane@example.com'))
    expect(run(words('people.csv --no-charts --quiet --out people')).exitCode).toBe(0)
    expect(list('people').map((name) => [name, /jane/.test(read(`people/${name}`))])).toEqual([
      ['anomaly-state.json', false],
      ['incidents.json', false],
      ['master_anomalies.csv', false],
      ['summary.md', false],
    ])
    const { stdout } = run(words('people.csv --no-charts --out again --baseline people/anomaly-state.json'))
    expect(stdout).toContain('known   Error spike')
    expect(stdout).toContain('Against people.csv (7200 rows): 1 known.')
    expect(read('again/summary.md')).toStartWith('## ✅ No new API anomalies against `people.csv` (7200 rows)')
  })

  test('keeps control characters of a log off the terminal', () => {
    const rows = dayOfLog().replaceAll('checkout', 'check\u001b[31mout\u0007')
    writeLog('hostile.csv', rows.replace('2026-05-05T00:00', '\u001b]0;title\u0007'))
    const { exitCode, stdout, stderr } = run(words('hostile.csv --no-charts --out hostile'))
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toContain('Error spike')
    expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
    writeLog('hostile-name.csv', '\u001b[31m,b\n1,2\n')
    const refused = run(['hostile-name.csv'])
    expect(refused.exitCode).toBe(2)
    expect(refused.stderr.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  })

  test('holds a log against a baseline', () => {
    const rows = (status: number) =>
      Array.from({ length: 600 }, (_, i): Row => ({ minute: i / 60, status: i % 3 ? 200 : status }))
    writeLog('main.csv', csv(rows(200)))
    writeLog('pull.csv', csv(rows(500)))
    expect(run(words('pull.csv --no-charts --quiet --out pull --baseline main.csv --fail-on high')).exitCode).toBe(1)
    expect(found('pull')).toMatchObject([{ category: 'error_spike' }])
    expect(JSON.parse(read('pull/incidents.json')).input.baseline).toBe('main.csv (600 rows)')

    const again = (options: string) => run(words(`pull.csv --no-charts --quiet --out again ${options}`))
    expect(again('--baseline main.csv --fail-on new-high')).toMatchObject({ exitCode: 1, stderr: '' })
    // What the last run left is as good as its log, and what it has seen is not new.
    const known = run(words('pull.csv --no-charts --out known --baseline pull --fail-on new-low --warn-on medium'))
    expect(known).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/^warning: .*'warn-on' medium: 1 incident/),
    })
    expect(known.stdout).toContain('note: The baseline pull.csv (600 rows) was taken as it is')
    const alone = again('--fail-on new-high')
    expect(alone).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("'fail-on new-high' could not be judged"),
    })
    expect(JSON.parse(read('again/incidents.json')).notes[0]).toContain("'fail-on new-high' could not be judged")
  })

  test('leaves a state, which serves like the log: alone, in its folder, or under another name', () => {
    const rows = (status: number) =>
      csv(Array.from({ length: 600 }, (_, i): Row => ({ minute: i / 60, status: i % 3 ? 200 : status })))
    writeLog('base.csv', rows(200))
    writeLog('change.csv', rows(500))
    run(words('base.csv --no-charts --quiet --out base'))
    writeLog('kept/main.json', read('base/anomaly-state.json'))
    const reports = ['base.csv', 'base', 'base/anomaly-state.json', 'kept/main.json'].map((baseline) => {
      const { exitCode, stderr } = run([
        'change.csv',
        ...words('--no-charts --quiet --out change --baseline'),
        baseline,
      ])
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      // What was assumed about a log is known of a log only.
      const { notes: _, ...report } = JSON.parse(read('change/incidents.json'))
      return JSON.stringify(report)
    })
    expect(found('change')).toMatchObject([{ category: 'error_spike' }])
    expect(new Set(reports).size).toBe(1)
  })

  test('takes the folder of a run that generated its log for its state alone', () => {
    run(words('--rows 600 --days 1 --no-charts --quiet --out made'))
    run(words('made/generated/log.csv --no-charts --quiet --out compared --baseline made'))
    expect(JSON.parse(read('compared/incidents.json')).input.baseline).toBe('generated/log.csv (600 rows)')
  })

  test('takes several states as one, and a state beside the report that replaces it', () => {
    writeLog('one.csv', csv(Array.from({ length: 300 }, (_, i): Row => ({ minute: i / 60 }))))
    run(words('one.csv --no-charts --quiet --out one'))
    run(words('one.csv --no-charts --quiet --out two'))
    const { exitCode } = run(
      words('one.csv --no-charts --quiet --out one --baseline one --baseline two/anomaly-state.json'),
    )
    expect(exitCode).toBe(0)
    expect(JSON.parse(read('one/incidents.json')).input.baseline).toBe('one.csv (300 rows), one.csv (300 rows)')
  })

  test.each([
    ['{\n"schema": "api-anomaly/state@9"}', 'must have required property'],
    ['no JSON at all', 'must be JSON'],
  ])('refuses a state that is none: %j', (text, fault) => {
    writeLog('broken/anomaly-state.json', text)
    const { exitCode, stderr } = run(words('day.csv --baseline broken/anomaly-state.json'))
    expect(exitCode).toBe(2)
    expect(stderr).toContain('broken/anomaly-state.json: is no state that this version can read: ')
    expect(stderr).toContain(fault)
  })
})

/** A day with one request a minute, each made by `row`. */
const plainDay = (row: (i: number) => Omit<Row, 'minute'>): string =>
  csv(Array.from({ length: 2880 }, (_, i) => ({ ...row(i), minute: i / 2 })))
const mixed = (i: number) => ({ ms: 20 + ((i * 7919) % 41), service: `s${i % 3}`, path: `/r${i % 4}` })

describe('logs that say little: a report that says so, no crash, no incident', () => {
  test.each([
    ['one row', csv([{ minute: 0 }]), /1 row/],
    [
      'one window',
      csv(Array.from({ length: 300 }, (_, i) => ({ ...mixed(i), minute: i / 300 }))),
      /With 1 window and no baseline log/,
    ],
    ['one service', plainDay((i) => ({ ...mixed(i), service: 'only' })), /./],
    ['all-equal latencies', plainDay((i) => ({ ...mixed(i), ms: 25 })), /./],
    ['constant traffic', plainDay(() => ({})), /./],
    ['no status column', plainDay(mixed).replace('status', 'flavour'), /errors were not judged: the log has no status/],
    ['no latency column', plainDay(mixed).replace('duration_ms', 'flavour'), /Latency was not judged/],
    ['equal times', csv(Array.from({ length: 300 }, (_, i) => ({ ...mixed(i), minute: 0 }))), /./],
    [
      'only a time column',
      `timestamp\n${Array.from({ length: 300 }, (_, i) => START + i * 60_000).join('\n')}\n`,
      /Latency was not judged/,
    ],
    [
      'a header, CRLF, BOM, out of order',
      `\ufeff${plainDay(mixed)
        .split('\n')
        .toReversed()
        .filter((line) => line.startsWith('2'))
        .join('\r\n')}`,
      /./,
    ],
  ])('%s', (name, text, note) => {
    const isHeaderless = name.startsWith('a header')
    writeLog(
      'little.csv',
      isHeaderless ? `timestamp,status,duration_ms,service,path\r\n${text.replace('\ufeff', '')}` : text,
    )
    const window = name === 'one window' ? ['--window', '1h'] : []
    const { exitCode, stdout, stderr } = run([
      ...words('little.csv --no-charts --out little --fail-on medium'),
      ...window,
    ])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(found('little')).toEqual([])
    expect(stdout).toStartWith('No anomalies: ')
    expect(stdout).toMatch(note)
    expect(read('little/incidents.json')).not.toMatch(/NaN|Infinity/)
  })

  test('charts of almost nothing', () => {
    writeLog('little.csv', csv([{ minute: 0 }]))
    expect(run(words('little.csv --quiet --out little'))).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    expect(list('little/charts')).toHaveLength(10)
  })
})

describe('bad input: a line that names it, exit 2, nothing written', () => {
  beforeAll(() => {
    writeLog('empty.csv', '')
    writeLog('no-time.csv', 'when_was_it,b\nx,1\n')
    writeLog('mostly-bad.csv', `timestamp,status\n${START},200\nyesterday,200\nsoon,200\n`)
    mkdirSync(join(folder, 'empty-folder'))
    writeLog('no-logs/readme.md', '# nothing to see\n')
    writeLog('typo.yml', 'windw: 5m\n\nsensitivity: loud\n')
    writeLog('bad-files.yml', 'openapi: none.yaml\npayloadSchemas: { GET /: day.csv, GET /b: none.json }\n')
    writeLog('taken', '')
    writeLog('own/rejected.csv', csv([{ minute: 0 }]))
  })

  test.each([
    ['none.csv', ['none.csv: no such file or folder']],
    ['none-*.csv', ['none-.\\.csv: no file matches this pattern']],
    ['day.csv --baseline none.csv', ['none.csv: no such file or folder']],
    ['empty.csv', ['empty.csv: is empty']],
    ['no-time.csv', ['no-time.csv: .*when_was_it, b.*--map time=']],
    ['mostly-bad.csv', ["mostly-bad.csv: 2 of 3 lines .*'yesterday'"]],
    ['empty-folder', ['empty-folder: ']],
    ['no-logs', ['no-logs: ']],
    ['day.csv --windw 5m', ["'--windw' is not an option"]],
    ['--doctor', ["'--doctor' says what is in logs, and needs a FILE"]],
    ['day.csv --doctor --fail-on high', ["'--fail-on' has no effect beside '--doctor'"]],
    [
      'day.csv --window fast --seed x --fail-on no',
      ["'--fail-on' must be", "'--window' must be .*'fast'", "'--seed' must be .*'x'"],
    ],
    [
      'day.csv --config typo.yml',
      [
        "typo.yml:1: 'windw' is not a key; the keys are window, ",
        "typo.yml:3: 'sensitivity' must be one of low, normal, high, got 'loud'",
      ],
    ],
    ['day.csv --config none.yml', ["'--config' must be the path of a file, got 'none.yml'"]],
    [
      'day.csv --config bad-files.yml',
      ["'openapi' .*'none.yaml'", "'payloadSchemas.GET /b' .*'none.json'", 'day.csv: must be a JSON Schema'],
    ],
    ['day.csv --format parquetry', ["'format' must be one of .*'parquetry'"]],
    ['day.csv --map status=code', ["'--map status=code': no file has a column 'code'"]],
    ['day.csv --map colour=status', ["'--map colour=status': .*must be one of time, status"]],
    ['day.csv --window 1s', ["'window' must cut the log into at most 10080 windows: at least 9s here, got 1s"]],
    ['day.csv --rows 10', ["'--rows' says how to generate a log"]],
  ])('%s', (options, faults) => {
    const { exitCode, stdout, stderr } = run([...words(options), '--no-charts', '--out', 'bad'])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    const lines = stderr.trimEnd().split('\n')
    expect(lines).toHaveLength(faults.length)
    for (const [i, fault] of faults.entries()) expect(lines[i]).toMatch(new RegExp(fault))
    expect(existsSync(join(folder, 'bad'))).toBe(false)
  })

  test('a report folder that is a file, or that holds the log', () => {
    const taken = run(words('day.csv --no-charts --out taken'))
    expect(taken).toMatchObject({ exitCode: 2, stdout: '' })
    expect(taken.stderr).toMatch(/^'--out' must be a folder that can be written to, got 'taken': .+\n$/)
    const own = run(words('own/rejected.csv --no-charts --out own'))
    expect(own).toMatchObject({ exitCode: 2, stdout: '' })
    expect(own.stderr).toMatch(
      /^'--out' must be a folder where the report replaces no log, got 'own' with 'own.rejected.csv'\n$/,
    )
    expect(list('own')).toEqual(['rejected.csv'])
  })
})

describe('the doctor', () => {
  test('says what it recognised, masks what is private, and writes nothing', () => {
    const bad = 'yesterday,200,5,checkout,"/orders?user=jane.doe@example.org"\n'
    writeLog('sick.csv', `${csv([{ minute: 0 }, { minute: 1, status: 500 }, { minute: 2 }])}${bad}`)
    const before = list('.')
    const { exitCode, stdout, stderr } = run(words('sick.csv --doctor --out doctored'))
    expect([exitCode, stderr]).toEqual([0, ''])
    expect(stdout).toContain('sick.csv: csv (sure), 3 requests, 1 line rejected')
    expect(stdout).toContain('duration    duration_ms')
    expect(stdout).toContain("1 × 'timestamp' must be an ISO 8601")
    expect(stdout).toContain('sick.csv:5: yesterday')
    expect(stdout).not.toContain('jane.doe')
    expect(list('.')).toEqual(before)
  })
})

describe('about itself', () => {
  test('prints help and version at once', () => {
    const help = run(['--help', '--nonsense'])
    expect(help).toMatchObject({ exitCode: 0, stderr: '' })
    expect(help.stdout).toStartWith('Usage: bun scripts/run.ts')
    const { version } = JSON.parse(readFileSync(join(import.meta.dir, '../package.json'), 'utf8'))
    expect(run(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' })
  })
})
