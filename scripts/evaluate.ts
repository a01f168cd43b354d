/** How well planted incidents are found: `bun scripts/evaluate.ts --help`. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateLog } from '../src/logs/generate.ts'
import { LOG_FILES, type LogForm, renderLog } from '../src/logs/generate-text.ts'
import { readLogs } from '../src/logs/read.ts'
import { run } from '../src/run.ts'
import { parseNumber, parseOptions, runCommand, UsageError } from './command.ts'
import { playBoard } from './evaluate/board.ts'
import { type Event, formatPlace, scoreReport } from './evaluate/score.ts'

const USAGE = `Usage: bun scripts/evaluate.ts [options]

Generates logs with planted incidents, and clean ones, and prints how many are found and what nobody planted.

  --seeds A-B       logs with planted incidents (default 1-10)
  --clean A-B       clean logs (default 1-20)
  --rows N          records of each, 1 to 1000000 (default 50000)
  --days N          length of each, 0.01 to 365 (default 14)

The board of all families, with the peer, calibration, hard negatives, and what logs of others say:

  --board FILE      write it
  --runs N          planted runs of each family (default 8)
  --clean-runs N    clean runs of each family (default 15)
  --first-seed N    first seed of both (default 101)
  --data DIR        logs and series of others (default ../shared/data beside the project)
  --help            print this
`

export interface Evaluation {
  readonly found: number
  readonly planted: number
  /** Incidents above `low` that nobody planted. */
  readonly surplus: number
  /** One line per run and per miss or surplus incident. */
  readonly lines: readonly string[]
}

/** Generates, reads and analyses one log per seed, as a user's would be, and holds the report against the truth. */
export async function evaluate(
  seeds: readonly number[],
  options: { readonly rows: number; readonly days: number; readonly clean: boolean; readonly form: LogForm },
): Promise<Evaluation> {
  const lines: string[] = []
  let found = 0
  let planted = 0
  let surplus = 0
  for (const seed of seeds) {
    const { records, truth } = generateLog({ rows: options.rows, days: options.days, seed, clean: options.clean })
    const text = new TextEncoder().encode(renderLog(records, options.form))
    const source = {
      name: LOG_FILES[options.form],
      open: async function* () {
        yield text
      },
    }
    const report = await run(await readLogs([source]), { seed })
    const events: readonly Event[] = truth.events
    const score = scoreReport(report, events)
    const hits = score.found.filter(Boolean).length
    found += hits
    planted += events.length
    surplus += score.surplus.length
    const low = report.incidents.filter(({ severity }) => severity === 'low').length
    lines.push(
      `seed ${seed}: ${hits} of ${events.length} found, ${score.surplus.length} not planted, ${low} on the watch list`,
    )
    for (const [i, event] of events.entries()) {
      const near = score.nearest[i]
      const seen = near === null ? 'nothing' : `${near.severity} in ${formatPlace(near.scope)}`
      if (!score.found[i])
        lines.push(`  missed: ${event.category} in ${formatPlace(event.scope)} from ${event.start}; seen: ${seen}`)
    }
    for (const incident of score.surplus) lines.push(`  not planted: ${incident.severity} ${incident.explanation}`)
  }
  return { found, planted, surplus, lines }
}

function parseRange(name: string, text: string): number[] {
  const match = /^(\d+)-(\d+)$/.exec(text)
  if (match === null) throw new UsageError(`'--${name}' must be a range of seeds like 1-10, got '${text}'`)
  const [from, to] = [Number(match[1]), Number(match[2])]
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
}

/** More runs than anybody waits for. */
const MOST_RUNS = 100_000

async function printStandardSet({ seeds, clean: cleanSeeds, rows, days }: Options): Promise<void> {
  const size = {
    rows: parseNumber('rows', rows, [1, 1_000_000]),
    days: parseNumber('days', days, [0.01, 365], 'number'),
    form: 'csv',
  } as const
  const dirty = await evaluate(parseRange('seeds', seeds), { ...size, clean: false })
  console.log(`Planted incidents, seeds ${seeds}, ${rows} rows over ${days} days`)
  for (const line of dirty.lines) console.log(line)
  const clean = await evaluate(parseRange('clean', cleanSeeds), { ...size, clean: true })
  console.log(`\nClean logs, seeds ${cleanSeeds}`)
  for (const line of clean.lines) console.log(line)
  console.log(
    `\nfound ${dirty.found} of ${dirty.planted} planted (${((100 * dirty.found) / Math.max(1, dirty.planted)).toFixed(1)} %), ${dirty.surplus} not planted; ${clean.surplus} above low in clean logs`,
  )
}

async function writeBoard(path: string, values: Options): Promise<void> {
  const text = await playBoard({
    runs: parseNumber('runs', values.runs, [0, MOST_RUNS]),
    cleanRuns: parseNumber('clean-runs', values['clean-runs'], [0, MOST_RUNS]),
    firstSeed: parseNumber('first-seed', values['first-seed'], [0, Number.MAX_SAFE_INTEGER]),
    data: values.data,
    onDone: (name) => {
      if (process.stderr.isTTY) process.stderr.write(`${name}\n`)
    },
  })
  await writeFile(path, text)
}

function parseEvaluated() {
  return parseOptions({
    options: {
      seeds: { type: 'string', default: '1-10' },
      clean: { type: 'string', default: '1-20' },
      rows: { type: 'string', default: '50000' },
      days: { type: 'string', default: '14' },
      board: { type: 'string' },
      runs: { type: 'string', default: '8' },
      'clean-runs': { type: 'string', default: '15' },
      'first-seed': { type: 'string', default: '101' },
      data: { type: 'string', default: join(import.meta.dirname, '../../shared/data') },
    },
  }).values
}

type Options = ReturnType<typeof parseEvaluated>

if (import.meta.main) {
  await runCommand(USAGE, async () => {
    const options = parseEvaluated()
    if (options.board === undefined) await printStandardSet(options)
    else await writeBoard(options.board, options)
  })
}
