/** How fast the project is, beside what a user would take instead: `bun scripts/bench.ts --help`. */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { readFont } from '../src/io/font.ts'
import { renderPng } from '../src/picture/png.ts'
import { renderSvg } from '../src/picture/svg.ts'
import { renderBoard } from './bench/board.ts'
import { buildForNode, findNode } from './bench/bundle.ts'
import { drawGrowth } from './bench/chart.ts'
import { medianOf, medianStages } from './bench/figures.ts'
import { formatMb, formatRows, formatSeconds } from './bench/format.ts'
import { measureProcess } from './bench/measure.ts'
import { PARTS, type Part, SMALL_PARTS, type Surroundings } from './bench/parts.ts'
import { joinPart, type Measurement, parseResults, type Results, type Run, renderResults } from './bench/results.ts'
import { alternate } from './bench/statistics.ts'
import { parseNumber, parseOptions, runCommand, UsageError } from './command.ts'

const ROOT = resolve(import.meta.dir, '..')
const RESULTS = join(ROOT, 'bench/results.json')
const USAGE = `Usage: bun scripts/bench.ts [options]

Measures whole processes and their stages, and keeps the figures.

  --part NAME       ${PARTS.map(({ name }) => name).join(', ')}; repeatable (default: those that are not large)
  --large           the large parts too: minutes, and 4 GB of logs
  --small           a look at some of it within seconds; keeps nothing
  --peers PYTHON    interpreter with bench/peers/requirements.txt (default: without the peers)
  --runs N          runs of each subject (default: by part)
  --add             add the runs to those that are kept instead of replacing them
  --results FILE    where figures are kept (bench/results.json)
  --logs DIR        where logs are made and kept (a folder in the system's temporary one)
  --board FILE      write the board, and its chart beside it
  --from FILE       measure nothing: the board of these figures
  --help            print this
`

function parseMeasured() {
  const { values } = parseOptions({
    options: {
      part: { type: 'string', multiple: true },
      large: { type: 'boolean', default: false },
      small: { type: 'boolean', default: false },
      peers: { type: 'string' },
      runs: { type: 'string' },
      add: { type: 'boolean', default: false },
      results: { type: 'string', default: RESULTS },
      logs: { type: 'string', default: join(tmpdir(), 'api-anomaly-bench') },
      board: { type: 'string' },
      from: { type: 'string' },
    },
  })
  const unknown = (values.part ?? []).filter((name) => PARTS.every((part) => part.name !== name))
  if (unknown.length > 0) {
    throw new UsageError(
      `'--part' must be one of ${PARTS.map(({ name }) => name).join(', ')}, got '${unknown.join(', ')}'`,
    )
  }
  return values
}

type Options = ReturnType<typeof parseMeasured>

function pickParts({ part, large, small }: Options): readonly Part[] {
  if (small) return SMALL_PARTS
  return part === undefined
    ? PARTS.filter((one) => large || !one.large)
    : PARTS.filter(({ name }) => part.includes(name))
}

/** Measures the parts one after the other, and keeps what was measured after each round. */
async function measure(options: Options, scratch: string): Promise<Results> {
  const node = findNode()
  const around: Surroundings = {
    logs: options.logs,
    scratch,
    node,
    nodeCommand: await buildForNode(join(scratch, 'command')),
    python: options.peers ?? null,
  }
  const path = resolve(options.results)
  const kept = options.small || !existsSync(path) ? undefined : parseResults(await readFile(path, 'utf8'))
  let results: Results = {
    machine: describeMachine(),
    versions: { ...kept?.versions, Bun: Bun.version, Node: await readNodeVersion(node) },
    measurements: kept?.measurements ?? [],
  }
  for (const part of pickParts(options)) {
    const rounds = options.runs === undefined ? part.runs : parseNumber('runs', options.runs, [1, 1_000])
    const before = results.measurements
    let latest: readonly Measurement[] = []
    for await (const { measured, versions } of measureRounds(part, rounds, around)) {
      latest = measured
      const measurements = joinPart(before, part.name, measured, options.add)
      results = { ...results, versions: { ...results.versions, ...versions }, measurements }
      if (!options.small) await writeFile(path, renderResults(results))
    }
    process.stdout.write(latest.map(describeMeasurement).join(''))
  }
  return results
}

/** What is known of a part after each round, so that an interrupted measurement keeps its whole rounds. */
async function* measureRounds(part: Part, rounds: number, around: Surroundings) {
  const tasks = await part.plan(around)
  const runs = tasks.map((): Run[] => [])
  let versions: Readonly<Record<string, string>> = {}
  for (const [turn, which] of alternate(tasks.length, rounds).entries()) {
    const { command, timed, subject, rows } = tasks[which]
    const one = await measureProcess(command, ROOT)
    const { stages } = timed === undefined ? one.run : (await measureProcess(timed, ROOT)).run
    runs[which].push({ ...one.run, stages })
    versions = { ...versions, ...one.versions }
    process.stderr.write(`${part.name} ${subject} ${rows || ''} ${one.run.wallSeconds.toFixed(2)} s\n`)
    if ((turn + 1) % tasks.length !== 0) continue
    const measured = tasks.map(({ subject, rows, form, bytes }, i): Measurement => {
      return { part: part.name, subject, rows, form, bytes, runs: [...runs[i]] }
    })
    yield { measured, versions }
  }
}

function describeMeasurement(measured: Measurement): string {
  const { part, subject, rows, runs } = measured
  const stages = [...medianStages(measured)].map(([name, seconds]) => `${name} ${formatSeconds(seconds)}`)
  const time = formatSeconds(medianOf(measured, ({ wallSeconds }) => wallSeconds))
  const memory = formatMb(medianOf(measured, ({ peakMb }) => peakMb))
  const size = rows === 0 ? '' : `, ${formatRows(rows)} rows`
  return `${part}, ${subject}${size}: ${time}, ${memory}, ${runs.length} runs; ${stages.join(', ')}\n`
}

function describeMachine(): string {
  const [processor] = cpus()
  const model = processor?.model.replaceAll(/\s+/g, ' ').trim() || 'an unnamed processor'
  const memory = Math.round(totalmem() / 1e9)
  return `${model}, ${cpus().length} cores, ${memory} GB, ${process.platform} ${process.arch}`
}

async function readNodeVersion(node: string): Promise<string> {
  return (await Bun.spawn([node, '--version']).stdout.text()).trim().replace(/^v/, '')
}

/** Writes the board, and the chart as SVG and PNG under the same name in lower case. */
async function writeBoard(path: string, results: Results): Promise<void> {
  const name = basename(path, '.md').toLowerCase()
  const chart = drawGrowth(results)
  if (chart !== null) {
    const folder = dirname(path)
    await writeFile(join(folder, `${name}.svg`), renderSvg(chart))
    await writeFile(join(folder, `${name}.png`), renderPng(chart, await readFont()))
  }
  await writeFile(path, renderBoard(results, chart === null ? null : `${name}.png`))
}

async function measureOrRender(): Promise<void> {
  const options = parseMeasured()
  if (options.from !== undefined) {
    if (options.board === undefined) throw new UsageError(`'--from' needs '--board FILE' to write to`)
    await writeBoard(resolve(options.board), parseResults(await readFile(options.from, 'utf8')))
    return
  }
  const scratch = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    const results = await measure(options, scratch)
    if (options.peers === undefined) process.stdout.write('Without the peers: no --peers PYTHON was given.\n')
    if (options.board !== undefined) await writeBoard(resolve(options.board), results)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

if (import.meta.main) await runCommand(USAGE, measureOrRender)
