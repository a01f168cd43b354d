/** The board: docs/PERFORMANCE.md from measured results, nothing in it typed by hand but the words. */
import { COMPARED, type Compared, compareStages, findMeasurement, medianOf, medianStages } from './figures.ts'
import { digits, formatMb, formatRows, formatSeconds, renderTable } from './format.ts'
import { SUBJECT } from './parts.ts'
import type { Measurement, Results } from './results.ts'
import { SHORTFALLS } from './shortfalls.ts'
import { marginalCosts } from './statistics.ts'
import { forestSeconds, judgeTargets, type Outcome } from './targets.ts'

const WORDS: Readonly<Record<Compared, string>> = {
  read: 'read',
  features: 'features',
  forest: 'forest',
  forecast: 'forecast',
  judge: 'other rules, merge',
  charts: 'charts',
  rest: 'start, writing, the rest',
  total: '**total**',
}

/** @param chart name of the chart's file beside the board, null without one */
export function renderBoard(results: Results, chart: string | null): string {
  const outcomes = judgeTargets(results)
  const sections = [
    renderHead(results),
    renderPromises(outcomes),
    renderShortfalls(outcomes, results),
    renderJob(results, 'job', 'Whole job, 50,000 rows'),
    renderJob(results, 'large-csv', '5 million rows, CSV'),
    renderJob(results, 'large-ndjson', '5 million rows, NDJSON'),
    renderGrowth(results, chart),
    renderForest(results),
    renderForecast(results),
    renderSmallThings(results),
    METHOD,
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function renderHead({ machine, versions, measurements }: Results): string {
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const peers = measurements.some(({ subject }) => subject === SUBJECT.notebook)
  const without = peers
    ? ''
    : '\n\nMeasured without the peers (no `--peers`): what is held against them is missing here.'
  return `# Performance

Made by \`bun scripts/bench.ts --board docs/PERFORMANCE.md --peers PYTHON --large\` on ${machine}: ${named.join(', ')}. Every figure is a median of processes that took turns on the same machine; ratios are what counts, for absolute times on a shared machine mean little. [How each figure is made](#how-each-figure-is-made) says how to measure again.

The peer is the notebook that a user would write instead, [notebook.py](../bench/peers/notebook.py): pandas, scikit-learn's IsolationForest, Prophet and matplotlib, as well written as we can.${without}`
}

function renderPromises(outcomes: readonly Outcome[]): string {
  const cell = (figure: Outcome['bun']) => (figure === null ? '–' : figure.isMet ? figure.text : `**${figure.text}**`)
  const rows = outcomes.map(({ what, aim, bun, node }) => [what, aim, cell(bun), cell(node)])
  return `## Aims\n\nBold: falls short. –: not measured.\n\n${renderTable(['What', 'Aim', 'Bun', 'Node 24'], rows)}`
}

/** What was missed and why, with where the time goes now. */
function renderShortfalls(outcomes: readonly Outcome[], results: Results): string {
  const missed = outcomes.filter(({ bun, node }) => bun?.isMet === false || node?.isMet === false)
  if (missed.length === 0) return ''
  const reasons = SHORTFALLS.filter(({ about }) => missed.some(({ what }) => what.includes(about))).map(
    ({ reason }) => `- ${reason}`,
  )
  const breakdowns = [
    { part: 'job', name: 'the whole job' },
    { part: 'large-csv', name: '5 million rows of CSV' },
  ].flatMap(({ part, name }) => {
    const measured = findMeasurement(results, { part, subject: SUBJECT.bun })
    return measured === undefined ? [] : [`- Where ${name} takes its time (Bun): ${listLargest(measured)}.`]
  })
  return `## What falls short, and why\n\n${[...reasons, ...breakdowns].join('\n')}`
}

function listLargest(measured: Measurement): string {
  const stages = COMPARED.filter((name) => name !== 'total')
    .map((name): [Compared, number] => [name, medianOf(measured, (run) => compareStages(run)[name])])
    .toSorted(([, a], [, b]) => b - a)
  const total = medianOf(measured, ({ wallSeconds }) => wallSeconds)
  return stages
    .slice(0, 4)
    .map(([name, seconds]) => `${WORDS[name]} ${formatSeconds(seconds)} (${digits((100 * seconds) / total)} %)`)
    .join(', ')
}

/** Stages of ours beside those of the notebook. */
function renderJob(results: Results, part: string, title: string): string {
  const subjects = [SUBJECT.bun, SUBJECT.node, SUBJECT.notebook, SUBJECT.notebookOurWindows]
  const measured = subjects.flatMap((subject) => findMeasurement(results, { part, subject }) ?? [])
  if (measured.length === 0) return ''
  const peer = measured.find(({ subject }) => subject === SUBJECT.notebook)
  const own = measured.filter(({ subject }) => subject === SUBJECT.bun || subject === SUBJECT.node)
  const ratios = peer === undefined ? [] : own
  const row = (name: string, format: (value: number) => string, of: (of: Measurement) => number) => [
    name,
    ...measured.map((one) => format(of(one))),
    ...ratios.map((one) => `× ${digits(of(one) / of(peer!))}`),
  ]
  const rows = [
    ...COMPARED.map((name) =>
      row(WORDS[name], formatSeconds, (one) => medianOf(one, (run) => compareStages(run)[name])),
    ),
    row('CPU time', formatSeconds, (one) => medianOf(one, ({ cpuSeconds }) => cpuSeconds)),
    row('peak memory', formatMb, (one) => medianOf(one, ({ peakMb }) => peakMb)),
  ]
  const head = ['', ...measured.map(({ subject }) => subject), ...ratios.map(({ subject }) => `${subject} / notebook`)]
  const size = measured[0].bytes > 0 ? ` (${formatMb(measured[0].bytes / 1e6)})` : ''
  return `## ${title}${size}\n\n${renderTable(head, rows)}\n\n${renderSpread(measured)}`
}

function renderSpread(measured: readonly Measurement[]): string {
  const spreads = measured.map(({ subject, runs }) => {
    const times = runs.map(({ wallSeconds }) => wallSeconds)
    const range = `${formatSeconds(Math.min(...times))} to ${formatSeconds(Math.max(...times))}`
    return `${subject} ${runs.length} runs, ${range}`
  })
  return `Spread of the total: ${spreads.join('; ')}.`
}

function renderGrowth({ measurements }: Results, chart: string | null): string {
  const growth = measurements
    .filter(({ part, subject }) => part === 'growth' && subject === SUBJECT.bun)
    .toSorted((a, b) => a.rows - b.rows)
  if (growth.length === 0) return ''
  const seconds = (one: Measurement, name: Compared) => medianOf(one, (run) => compareStages(run)[name])
  const shown = ['read', 'features', 'judge', 'rest', 'total'] as const
  const marginal = new Map(
    shown.map((name) => [name, marginalCosts(growth.map((one) => ({ rows: one.rows, cost: seconds(one, name) })))]),
  )
  const rows = growth.map((one, i) => [
    formatRows(one.rows),
    formatSeconds(seconds(one, 'total')),
    formatMb(medianOf(one, ({ peakMb }) => peakMb)),
    ...shown.map((name) => (i === 0 ? '' : formatSeconds(marginal.get(name)![i - 1]))),
  ])
  const head = ['Rows', 'Time', 'Peak memory', ...shown.map((name) => `one more row: ${WORDS[name]}`)]
  const image = chart === null ? '' : `![Time and peak memory against rows, for both](${chart})\n\n`
  return `## Growth\n\n${image}${renderTable(head, rows)}\n\nThe cost of one more row is the difference to the line above by rows. Two weeks of traffic at every size: more rows are denser windows.\n\n${renderSpread(growth)}`
}

function renderForest(results: Results): string {
  const wanted = [
    { subject: SUBJECT.bun, rows: 1_000_000, engine: '', name: 'api-anomaly, Bun' },
    { subject: SUBJECT.node, rows: 1_000_000, engine: '', name: 'api-anomaly, Node 24' },
    { subject: SUBJECT.sklearn, rows: 1_000_000, engine: '', name: 'scikit-learn, n_jobs=-1' },
    { subject: SUBJECT.bun, rows: 50_000, engine: '', name: 'api-anomaly, Bun' },
    { subject: SUBJECT.node, rows: 50_000, engine: '', name: 'api-anomaly, Node 24' },
    { subject: SUBJECT.npm, rows: 50_000, engine: 'ml-isolation-forest', name: '`ml-isolation-forest` (npm)' },
    { subject: SUBJECT.npm, rows: 50_000, engine: 'isolation-forest', name: '`isolation-forest` (npm)' },
  ]
  const rows = wanted.flatMap(({ subject, rows, engine, name }) => {
    const measured = findMeasurement(results, { part: 'forest', subject, rows })
    const seconds = forestSeconds(measured, engine)
    const of = (stage: string) =>
      measured === undefined
        ? Number.NaN
        : ([...medianStages(measured)].find(([key]) => key.startsWith(engine) && key.endsWith(stage))?.[1] ??
          Number.NaN)
    if (Number.isNaN(seconds)) return []
    return [[name, formatRows(rows), ...[of('fit'), of('score'), seconds].map(formatSeconds)]]
  })
  if (rows.length === 0) return ''
  return `## Isolation Forest\n\n100 trees of 256 rows, 8 columns; the same table of numbers in all of them.\n\n${renderTable(['Engine', 'Rows', 'fit', 'score', 'both'], rows)}`
}

/** How much of the whole job is Prophet's. */
function renderForecast(results: Results): string {
  const rows = [SUBJECT.bun, SUBJECT.node].flatMap((subject) => {
    const measured = findMeasurement(results, { part: 'job', subject })
    if (measured === undefined) return []
    const prophet = medianStages(measured).get('prophet') ?? Number.NaN
    const forecast = medianStages(measured).get('forecast') ?? Number.NaN
    const total = medianOf(measured, ({ wallSeconds }) => wallSeconds)
    return [[subject, ...[prophet, forecast, total].map(formatSeconds), `${digits((100 * prophet) / total)} %`]]
  })
  const peer = findMeasurement(results, { part: 'job', subject: SUBJECT.notebookOurWindows })
  const seconds = peer === undefined ? Number.NaN : (medianStages(peer).get('forecast') ?? Number.NaN)
  const total = peer === undefined ? Number.NaN : medianOf(peer, ({ wallSeconds }) => wallSeconds)
  if (peer !== undefined)
    rows.push([
      SUBJECT.notebookOurWindows,
      '–',
      ...[seconds, total].map(formatSeconds),
      `${digits((100 * seconds) / total)} %`,
    ])
  if (rows.length === 0) return ''
  return `## Forecast\n\nProphet's share of the whole job. Ours fits it several times: until what lies far outside is masked, and once for each part that is held out.\n\n${renderTable(['', 'Prophet alone', 'forecast', 'total', 'share of total'], rows)}`
}

function renderSmallThings(results: Results): string {
  const sections: string[] = []
  const start = [SUBJECT.bun, SUBJECT.node].flatMap(
    (subject) => findMeasurement(results, { part: 'start', subject }) ?? [],
  )
  if (start.length > 0) sections.push(`## Start\n\n\`--help\`. ${renderSpread(start)}`)
  const again = findMeasurement(results, { part: 'again', subject: SUBJECT.bun })
  if (again !== undefined) {
    const rows = [...medianStages(again)].map(([name, seconds]) => [name, formatSeconds(seconds)])
    const made =
      'The whole job on 50,000 rows with charts, one run after the other in one process of Bun ([again.ts](../bench/again.ts)): what the first one takes beyond the later ones is an engine that compiles what it has not run before. The later ones also collect garbage between stages, for such a process has grown.'
    sections.push(`## Again in one process\n\n${made}\n\n${renderTable(['Run', 'Time'], rows)}`)
  }
  const engine = [SUBJECT.bun, SUBJECT.node].flatMap(
    (subject) => findMeasurement(results, { part: 'engine', subject }) ?? [],
  )
  if (engine.length > 0) {
    const stages = engine.map(medianStages)
    const names = [...new Set(stages.flatMap((one) => [...one.keys()]))].filter((name) =>
      name.endsWith(': share engine'),
    )
    const rows = names.map((name) => [
      name.slice(0, name.lastIndexOf(':')),
      ...stages.map((one) => formatSeconds(one.get(name) ?? Number.NaN)),
    ])
    const head = ['Case', ...engine.map(({ subject }) => subject)]
    const made =
      'All share metrics and the traffic shares, over a log made in memory ([share-engine.ts](../bench/share-engine.ts)).'
    sections.push(`## Share engine\n\n${made}\n\n${renderTable(head, rows)}`)
  }
  const functions = findMeasurement(results, { part: 'functions', subject: SUBJECT.bun })
  if (functions !== undefined) {
    const rows = [...medianStages(functions)].map(([name, seconds]) => [name, formatSeconds(seconds)])
    sections.push(
      `## Functions\n\nMedian of one call in Bun, by tinybench.\n\n${renderTable(['Function', 'One call'], rows)}`,
    )
  }
  return sections.join('\n\n')
}

const METHOD = `## How each figure is made

\`\`\`sh
python3 -m venv /tmp/peers && /tmp/peers/bin/pip install -r bench/peers/requirements.txt
bun scripts/bench.ts --board docs/PERFORMANCE.md --peers /tmp/peers/bin/python --large   # all of it, about half an hour
bun scripts/bench.ts --part job --part forest --peers /tmp/peers/bin/python              # parts, joined in bench/results.json
bun scripts/bench.ts --part growth --runs 1 --add --peers /tmp/peers/bin/python          # one more round of a part
bun scripts/bench.ts --from bench/results.json --board docs/PERFORMANCE.md               # nothing measured, rendered again
bun scripts/bench.ts --small                                                            # what CI prints
\`\`\`

- **Whole processes**, from their start until they have ended, by wall clock. CPU time is user and system time of all threads. Peak memory is the highest resident set that the kernel kept for the process (\`VmHWM\`, looked at every 10 ms; of Prophet's Stan, which is a process of its own, none is counted). Subjects take turns, and each round begins with the next one.
- **Logs**: \`scripts/generate.ts\`'s two weeks of a web shop with planted incidents, seed 1; NDJSON has the CSV's columns as one flat object a line, which is the shape that pandas reads best. They are in the page cache for all.
- **Ours**: \`bun scripts/run.ts LOG --out DIR --quiet\` from source, and the same command bundled for Node 24. [bench/stages.ts](../bench/stages.ts) puts a stopwatch around the functions that are the stages while the modules are loaded: in Node's bundle once and for all; in Bun, where that costs 30 MB, in a run of its own after each, so that time and memory are those of what a user runs.
- **The notebook** says its own stages. *read* is \`read_csv\` with the C engine (or \`read_json(lines=True)\`), times parsed, texts as categories; *features* are windows of five minutes by service and region with rolling means; *forest* scores every row (ours ranks blocks of windows of up to 16 slices: [the forests themselves](#isolation-forest) are compared on one table); *forecast* is Prophet on counts with its 99 % band; *other rules* are mean + 3 σ and flags (ours: every slice and pair of slices by exact tails, intervals of all lengths, false-alarm control, scopes and explanations); *charts* are the series that they show and four PNG of the pixels of ours (we draw five, as SVG and PNG). *notebook, our windows* has windows as wide as ours picks for that log.
- *start, writing, the rest* is the total without the stages: of the notebook mostly its imports, of ours also the search for rows that repeat.
- **Functions** are timed by tinybench in [bench/functions.ts](../bench/functions.ts), a thousand calls a sample.`
