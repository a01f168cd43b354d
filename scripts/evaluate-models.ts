/** Holds the models against reference results on third-party data: `bun scripts/evaluate-models.ts --help`. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { assembleForest, fitForest, scoreForest } from '../src/models/isolation-forest.ts'
import type { IsolationTree } from '../src/models/isolation-tree.ts'
import { scoreWithMlIsolationForest } from '../src/models/ml-isolation-forest.ts'
import { fitProphet, forecast } from '../src/models/prophet.ts'
import type { Series } from '../src/models/prophet-history.ts'
import { takeFolder } from './command.ts'

const USAGE = `Usage: bun scripts/evaluate-models.ts [DIR]

Holds our models against reference results on third-party data, which lies beside the project and never in it.

  DIR               folder of the data (default ../shared/data beside the project)
  --help            print this

Exit 0: every check passed, or the data is absent (it says so). 1: a check failed. 2: bad usage.
`

const DAY_MS = 86_400_000
const folder = takeFolder(USAGE, join(import.meta.dirname, '../../shared/data'))
const failures: string[] = []

/** Prints one line of a table and remembers it when it failed. */
function report(cells: readonly (string | number)[], passed?: boolean): void {
  const verdict = passed === undefined ? '' : passed ? 'ok' : 'FAILED'
  console.log(`| ${cells.join(' | ')} | ${verdict} |`)
  if (passed === false) failures.push(String(cells[0]))
}

function reportHead(title: string, cells: readonly string[]): void {
  console.log(`\n## ${title}\n\n| ${cells.join(' | ')} | |\n|${' --- |'.repeat(cells.length + 1)}`)
}

function readTable(path: string): { header: string[]; rows: string[][] } {
  const bytes = readFileSync(join(folder, path))
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  const [header, ...rows] = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.replaceAll('"', '').split(','))
  return { header, rows }
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
const deviation = (values: readonly number[]) => {
  const center = mean(values)
  return Math.sqrt(mean(values.map((value) => (value - center) ** 2)))
}

/** Area under the ROC curve (ties count half) and average precision (ties as one step). */
function rankQuality(scores: Float64Array, labels: Uint8Array): { auc: number; precision: number } {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a])
  const positives = labels.reduce((sum, label) => sum + label, 0)
  let hits = 0
  let area = 0
  let precision = 0
  for (let start = 0; start < order.length; ) {
    let end = start
    let found = 0
    while (end < order.length && scores[order[end]] === scores[order[start]]) found += labels[order[end++]]
    area += (end - start - found) * (hits + found / 2)
    hits += found
    precision += (found * hits) / end
    start = end
  }
  return { auc: area / (positives * (order.length - positives)), precision: precision / positives }
}

function readLabelled(name: string): { columns: Float64Array[]; labels: Uint8Array } {
  const { header, rows } = readTable(`iforest/${name}.csv.gz`)
  const columns = header.slice(0, -1).map((_, j) => Float64Array.from(rows, (row) => Number(row[j])))
  return { columns, labels: Uint8Array.from(rows, (row) => Number(row[header.length - 1])) }
}

function evaluateGoldenForests(): void {
  reportHead("scikit-learn's forests, scored by us", ['set', 'rows', 'worst difference (at most 1e-9)'])
  for (const [name, set] of [
    ['ionosphere', 'Ionosphere'],
    ['mammography', 'mammography'],
    ['smtp', 'smtp'],
  ]) {
    const golden: {
      rows_used: number
      max_samples: number
      anomaly_score: number[]
      trees: (IsolationTree & { readonly n_node_samples: number[] })[]
    } = JSON.parse(readFileSync(join(folder, `iforest/iforest_golden_${name}.json`), 'utf8'))
    const columns = readLabelled(set).columns.map((column) => column.subarray(0, golden.rows_used))
    const trees = golden.trees.map((tree) => ({ ...tree, rows: tree.n_node_samples }))
    const scores = scoreForest(assembleForest(trees, columns.length, golden.max_samples), columns)
    const worst = Math.max(...golden.anomaly_score.map((score, row) => Math.abs(score - scores[row])))
    report([name, golden.rows_used, worst.toExponential(1)], worst <= 1e-9)
  }
}

/** scikit-learn's mean AUC over 10 seeds, and the band that ours must lie in. */
const FORESTS: [set: string, reference: number, low: number, high: number][] = [
  ['annthyroid', 0.818, 0.795, 0.841],
  ['mammography', 0.862, 0.851, 0.875],
  ['shuttle', 0.997, 0.99, 1],
  ['smtp', 0.904, 0.894, 0.92],
  ['Ionosphere', 0.846, 0.836, 0.857],
  ['breastw', 0.987, 0.977, 1],
  ['Pima', 0.671, 0.658, 0.681],
  ['satellite', 0.701, 0.674, 0.735],
  ['cardio', 0.933, 0.915, 0.946],
]
/** The package is left out on larger sets: it grows every tree on all rows. */
const PEER_ROWS = 12_000

function evaluateForests(): void {
  const head = ['set', 'rows × d', 'scikit-learn', 'band', 'AUC', 'AP', 's', 'ml-isolation-forest AUC', 'AP', 's']
  reportHead('Isolation Forest, 100 trees of 256 rows, mean ± sd over 10 seeds', head)
  for (const [set, reference, low, high] of FORESTS) {
    const { columns, labels } = readLabelled(set)
    const measure = (seeds: number, score: (seed: number) => Float64Array) => {
      const start = performance.now()
      const results = Array.from({ length: seeds }, (_, seed) => rankQuality(score(seed + 1), labels))
      const aucs = results.map(({ auc }) => auc)
      return {
        auc: mean(aucs),
        shown: [
          `${mean(aucs).toFixed(3)} ± ${deviation(aucs).toFixed(3)}`,
          mean(results.map(({ precision }) => precision)).toFixed(3),
          ((performance.now() - start) / seeds / 1000).toFixed(2),
        ],
      }
    }
    const ours = measure(10, (seed) => scoreForest(fitForest(columns, { seed }), columns))
    const theirs =
      labels.length > PEER_ROWS
        ? ['not run', `over ${PEER_ROWS} rows`, '']
        : measure(10, (seed) => scoreWithMlIsolationForest(columns, { seed })).shown
    const size = `${labels.length} × ${columns.length}`
    report([set, size, reference, `${low}–${high}`, ...ours.shown, ...theirs], ours.auc >= low && ours.auc <= high)
  }
}

function readSeries(path: string): Series {
  const { rows } = readTable(path)
  return {
    time: Float64Array.from(rows, (row) => Date.parse(row[0])),
    value: Float64Array.from(rows, (row) => Number(row[1])),
  }
}

/** The part of a series that satisfies a condition on time. */
function selectTimes({ time, value }: Series, holds: (time: number) => boolean): Series {
  return { time: time.filter(holds), value: value.filter((_, i) => holds(time[i])) }
}

/** The cross-validation of Prophet's documentation: row of the 37-day horizon, window of a tenth of all forecasts. */
async function crossValidate(series: Series, optimizer: 'stan' | 'linear') {
  const last = series.time[series.time.length - 1]
  const points: { days: number; error: number; inside: number }[] = []
  let cutoffs = 0
  for (let cutoff = last - 365 * DAY_MS; cutoff >= series.time[0] + 730 * DAY_MS; cutoff -= 180 * DAY_MS) {
    cutoffs++
    const past = selectTimes(series, (time) => time <= cutoff)
    const future = selectTimes(series, (time) => time > cutoff && time <= cutoff + 365 * DAY_MS)
    const { expected, lower, upper } = await forecast(past, { at: future.time, level: 0.8, optimizer })
    future.value.forEach((value, i) => {
      points.push({
        days: (future.time[i] - cutoff) / DAY_MS,
        error: Math.abs(value - expected[i]) / value,
        inside: value >= lower[i] && value <= upper[i] ? 1 : 0,
      })
    })
  }
  points.sort((a, b) => a.days - b.days)
  const end = points.findLastIndex(({ days }) => days <= 37) + 1
  const rows = points.slice(Math.max(0, end - Math.floor(points.length / 10)), end)
  return { cutoffs, mape: mean(rows.map(({ error }) => error)), coverage: mean(rows.map(({ inside }) => inside)) }
}

async function measureProphet(
  optimizer: 'stan' | 'linear',
  peyton: Series,
  test: Series,
  reference: { readonly at: Float64Array; readonly rows: readonly (readonly string[])[] },
) {
  const start = performance.now()
  const fit = await fitProphet(peyton, { optimizer })
  if (!fit.ok) throw new Error(`Peyton Manning was not fitted: ${fit.reason}`)
  const predicted = fit.model.predict(reference.at)
  const seconds = (performance.now() - start) / 1000
  const last = peyton.time[peyton.time.length - 1]
  const differences = reference.rows.map((row, i) => Math.abs(predicted[i] - Number(row[4])))
  const held = test.time.length - 30
  const past = { time: test.time.subarray(0, held), value: test.value.subarray(0, held) }
  const { expected } = await forecast(past, { at: test.time.subarray(held), level: 0.8, optimizer })
  return {
    seconds,
    used: fit.model.optimizer,
    history: Math.max(...differences.filter((_, i) => reference.at[i] <= last)),
    future: Math.max(...differences.filter((_, i) => reference.at[i] > last)),
    cross: await crossValidate(peyton, optimizer),
    rmse: Math.sqrt(mean(expected.map((value, i) => (value - test.value[held + i]) ** 2))),
  }
}

async function evaluateProphet(): Promise<void> {
  const peyton = readSeries('prophet/examples/example_wp_log_peyton_manning.csv')
  const { rows } = readTable('prophet/prophet_peyton_forecast.csv')
  const at = Float64Array.from(rows, ([date]) => Date.parse(date))
  const test = readSeries('prophet/tests/data.csv')

  reportHead('Prophet', ['check', 'linear (default)', 'stan', 'required'])
  const results = [
    await measureProphet('linear', peyton, test, { at, rows }),
    await measureProphet('stan', peyton, test, { at, rows }),
  ]
  const line = (
    check: string,
    pick: (result: (typeof results)[number]) => number,
    required: string,
    holds: (value: number) => boolean,
  ) => report([check, ...results.map((result) => pick(result).toFixed(4)), required], results.map(pick).every(holds))

  line(
    'Peyton Manning: worst difference in the history',
    (r) => r.history,
    'at most 0.05',
    (v) => v <= 0.05,
  )
  line(
    '… in the year ahead',
    (r) => r.future,
    'at most 0.10',
    (v) => v <= 0.1,
  )
  line(
    'cross-validation: cutoffs',
    (r) => r.cross.cutoffs,
    '11',
    (v) => v === 11,
  )
  line(
    '… mape of the 37-day row',
    (r) => r.cross.mape,
    '0.058 ± 0.003',
    (v) => Math.abs(v - 0.058) <= 0.003,
  )
  line(
    '… coverage of the 80 % band',
    (r) => r.cross.coverage,
    '0.68 ± 0.03',
    (v) => Math.abs(v - 0.68) <= 0.03,
  )
  line(
    'test series: rmse of the last 30 rows',
    (r) => r.rmse,
    '10.64 ± 10 %',
    (v) => Math.abs(v / 10.64 - 1) <= 0.1,
  )
  report(['seconds to fit and predict Peyton Manning', ...results.map((r) => r.seconds.toFixed(2)), ''])
  report(['optimizer that was used', ...results.map((r) => r.used), ''])
}

/** Requests an hour with a daily shape: integers, so that every engine sees the same. */
function makeHours(count: number): Series {
  return {
    time: Float64Array.from({ length: count }, (_, i) => Date.UTC(2026, 0, 5) + i * 3_600_000),
    value: Float64Array.from(
      { length: count },
      (_, i) => 400 + 12 * (12 - Math.abs((i % 24) - 12)) + ((i * 7919) % 41),
    ),
  }
}

async function measureTimes(): Promise<void> {
  reportHead('Time', ['what', 'linear', 'stan'])
  const hours = makeHours(336)
  const time = async (fits: number, optimizer: 'stan' | 'linear') => {
    const start = performance.now()
    for (let day = 0; day < fits; day++) {
      const value = hours.value.map((known, i) => (fits > 1 && Math.floor(i / 24) === day ? Number.NaN : known))
      const fit = await fitProphet({ time: hours.time, value }, { optimizer })
      if (!fit.ok) throw new Error(`the hourly series was not fitted: ${fit.reason}`)
      fit.model.predict(hours.time)
      fit.model.free()
    }
    return `${(performance.now() - start).toFixed(0)} ms`
  }
  for (const [what, fits] of [
    ['336 hourly values', 1],
    ['… 14 times, each with one day held out', 14],
  ] as const) {
    report([what, await time(fits, 'linear'), await time(fits, 'stan')])
  }
}

if (existsSync(join(folder, 'iforest')) && existsSync(join(folder, 'prophet'))) {
  evaluateGoldenForests()
  evaluateForests()
  await evaluateProphet()
} else {
  console.log(`No reference data in ${folder}: nothing was compared.`)
}
await measureTimes()
console.log(
  failures.length === 0 ? '\nAll checks that ran passed.' : `\n${failures.length} failed: ${failures.join(', ')}`,
)
if (failures.length > 0) process.exitCode = 1
