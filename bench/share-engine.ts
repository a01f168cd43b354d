/**
 * How long the share engine takes on many slices: `bun bench/share-engine.ts [ROWS]`, one JSON line a stage.
 *
 * The log is made in memory: regions with their own time of day, endpoints by Zipf's law, weekends, errors, slow
 * requests and two planted faults, so that the engine has seasons to learn and needs both of its rounds.
 */
import { buildCalendar } from '../src/detect/calendar.ts'
import { surveyShares } from '../src/detect/share-survey.ts'
import { beginSurveys, createShareWork, createSubject } from '../src/detect/share-work.ts'
import { buildFeatures } from '../src/features.ts'
import { createSurveyor } from '../src/io/surveyor.ts'
import { countThreads, startWorkers } from '../src/io/workers.ts'
import { createRandom } from '../src/math/random.ts'
import {
  type Coded,
  DEFAULT_SETTINGS,
  DIMENSIONS,
  type Dimension,
  type Logs,
  OUTCOME,
  PAYLOAD,
  SHARE_COLUMNS,
  SHARE_METRICS,
} from '../src/types.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE
const WINDOW_MS = 10 * MINUTE
const START = Date.UTC(2026, 0, 5)

interface Case {
  readonly name: string
  readonly regions: number
  readonly endpoints: number
  readonly windows: number
  readonly rows: number
}

function buildLogs({ regions, endpoints, windows, rows }: Case): Logs {
  const random = createRandom(1)
  const column = (): Uint32Array => new Uint32Array(rows)
  const codes: Record<Dimension, Uint32Array> = {
    service: column(),
    endpoint: column(),
    region: column(),
    environment: column(),
    version: column(),
  }
  const time = drawTimes(random, rows, windows * WINDOW_MS)
  const durationMs = new Float32Array(rows)
  const status = new Uint16Array(rows)
  const outcome = new Uint8Array(rows)
  const payload = new Uint8Array(rows)
  const pickEndpoint = buildPicker(Array.from({ length: endpoints }, (_, i) => 1 / (i + 3)))
  const pickRegion = Array.from({ length: 24 }, (_, hour) =>
    buildPicker(
      Array.from(
        { length: regions },
        (_, i) => 1.2 + Math.sin(((hour + (24 * i) / regions) / 12) * Math.PI) / (1 + i / 4),
      ),
    ),
  )
  for (let row = 0; row < rows; row++) {
    const region = pickRegion[Math.floor((time[row] % DAY) / (60 * MINUTE))](random())
    const endpoint = pickEndpoint(random())
    const part = (time[row] - START) / (windows * WINDOW_MS)
    const isFaulty = (part > 0.6 && part < 0.62 && region === 2) || (part > 0.8 && part < 0.83 && endpoint === 5)
    const isError = random() < (isFaulty ? 0.3 : 0.004)
    const isClientError = !isError && random() < 0.02
    codes.endpoint[row] = endpoint + 1
    codes.region[row] = region + 1
    status[row] = isError ? 500 : isClientError ? 404 : 200
    outcome[row] = isError ? OUTCOME.serverError : isClientError ? OUTCOME.clientError : OUTCOME.ok
    payload[row] = random() < 0.001 ? PAYLOAD.invalid : PAYLOAD.valid
    durationMs[row] = (20 + (endpoint % 50)) * Math.exp(random() + random() + random())
  }
  const coded = (dimension: Dimension, values: number): Coded => ({
    codes: codes[dimension],
    values: ['', ...Array.from({ length: values }, (_, i) => `${dimension} ${i}`)],
  })
  const dimensions = Object.fromEntries(
    DIMENSIONS.map((dimension) => [
      dimension,
      coded(dimension, dimension === 'endpoint' ? endpoints : dimension === 'region' ? regions : 0),
    ]),
  ) as Record<Dimension, Coded>
  return {
    table: {
      rows,
      time,
      durationMs,
      status,
      outcome,
      bytes: new Float32Array(rows).fill(Number.NaN),
      payload,
      reason: new Uint8Array(rows),
      reasons: [''],
      dimensions,
      file: { codes: column(), values: ['', 'memory'] },
      line: column(),
      shape: { codes: new Uint32Array(rows), values: [''] },
      excerpts: new Map(),
    },
    files: ['memory'],
    formats: ['memory'],
    plannedTraffic: false,
    rejected: [],
    rejectedCount: 0,
    notes: [],
  }
}

/** Sorted times with a day's course and quiet weekends. */
function drawTimes(random: () => number, rows: number, spanMs: number): Float64Array {
  const time = new Float64Array(rows)
  for (let row = 0; row < rows; ) {
    const at = START + Math.floor(random() * spanMs)
    const day = Math.floor((at - START) / DAY) % 7
    const level = (0.6 + 0.4 * Math.sin(((at % DAY) / DAY) * 2 * Math.PI)) * (day >= 5 ? 0.6 : 1)
    if (random() < level) time[row++] = at
  }
  time[0] = START
  time[rows - 1] = START + spanMs - 1
  return time.sort()
}

/** Picks an index with a chance in proportion to its weight. */
function buildPicker(weights: readonly number[]): (uniform: number) => number {
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const table = new Uint16Array(65_536)
  let index = 0
  let reached = weights[0]
  for (let i = 0; i < table.length; i++) {
    while (i / table.length > reached / all) reached += weights[++index]
    table[i] = index
  }
  return (uniform) => table[Math.floor(uniform * table.length)]
}

/** Seconds of wall clock and of CPU that something takes. */
async function measure<T>(run: () => T | Promise<T>): Promise<{ result: T; seconds: number; cpuSeconds: number }> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const result = await run()
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { result, seconds: round(seconds), cpuSeconds: round((user + system) / 1e6) }
}

const round = (value: number) => Math.round(value * 1000) / 1000

async function runCase(given: Case): Promise<void> {
  const logs = buildLogs(given)
  const settings = { ...DEFAULT_SETTINGS, windowMs: WINDOW_MS }
  const made = await measure(() => buildFeatures(logs, null, settings))
  const { grid, sliceTable, windows } = made.result
  const print = (stage: string, seconds: number, cpuSeconds: number, findings: number | null) =>
    process.stdout.write(
      `${JSON.stringify({
        case: given.name,
        stage,
        rows: given.rows,
        slices: sliceTable.slices.length,
        windows: grid.windows,
        seconds,
        cpuSeconds,
        findings,
        peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
      })}\n`,
    )
  print('features', made.seconds, made.cpuSeconds, null)
  const metrics = SHARE_METRICS.map((metric) => {
    const { bad, total } = SHARE_COLUMNS[metric]
    return { metric, bad: windows[bad], total: windows[total], warmUp: 0, baselines: null }
  })
  const createWork = () => createShareWork(sliceTable.slices, buildCalendar(grid), windows.requests, metrics)
  for (const task of createWork().tasks) {
    const spent = await measure(() => surveyShares(createSubject(createWork(), task)))
    const given = task.metric === 'traffic_share' ? ` given parent ${task.parent + 1}` : ''
    print(`${task.metric}${given}, one thread`, spent.seconds, spent.cpuSeconds, spent.result.findings.length)
  }
  const pool = startWorkers(countThreads() - 1)
  // In the command they are there already, for they read the log.
  await pool.start()
  const spent = await measure(async () => (await beginSurveys(createWork(), createSurveyor(pool)))())
  print('share engine', spent.seconds, spent.cpuSeconds, null)
  await pool.close()
}

const rows = Number(process.argv[2] ?? 2_000_000)
await runCase({ name: '12 regions x 400 endpoints x 2,000 windows', regions: 12, endpoints: 400, windows: 2000, rows })
await runCase({ name: 'half the windows', regions: 12, endpoints: 400, windows: 1000, rows: rows / 2 })
await runCase({ name: 'half the endpoints', regions: 12, endpoints: 200, windows: 2000, rows: rows / 2 })
