/**
 * How well planted incidents are found.
 * `bun scripts/evaluate.ts [--seeds 1-10] [--clean 1-20] [--rows N] [--days N]` prints the standard set;
 * `bun scripts/evaluate.ts --board FILE [--runs 8] [--clean-runs 15] [--first-seed 101] [--data DIR]` writes the board of all families,
 * with the peer, calibration, hard negatives, and what third-party data (default ../shared/data) says.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generateLog } from '../src/logs/generate.ts'
import { LOG_FILES, type LogForm, renderLog } from '../src/logs/generate-text.ts'
import { readLogs } from '../src/logs/read.ts'
import { run } from '../src/run.ts'
import { playBoard } from './evaluate/board.ts'
import { type Event, formatPlace, scoreReport } from './evaluate/score.ts'

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

function parseRange(text: string): number[] {
  const match = /^(\d+)-(\d+)$/.exec(text)
  if (match === null) throw new Error(`a range of seeds must be like 1-10, got '${text}'`)
  const [from, to] = [Number(match[1]), Number(match[2])]
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
}

function parseCount(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`'--${name}' must be a whole number of at least 0, got '${text}'`)
  return Number(text)
}

if (import.meta.main) {
  const { values } = parseArgs({
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
  })
  if (values.board !== undefined) {
    const text = await playBoard({
      runs: parseCount('runs', values.runs),
      cleanRuns: parseCount('clean-runs', values['clean-runs']),
      firstSeed: parseCount('first-seed', values['first-seed']),
      data: values.data,
      onDone: (name) => {
        if (process.stderr.isTTY) process.stderr.write(`${name}\n`)
      },
    })
    await writeFile(values.board, text)
    process.exit(0)
  }
  const size = { rows: Number(values.rows), days: Number(values.days), form: 'csv' } as const
  const dirty = await evaluate(parseRange(values.seeds), { ...size, clean: false })
  console.log(`Planted incidents, seeds ${values.seeds}, ${values.rows} rows over ${values.days} days`)
  for (const line of dirty.lines) console.log(line)
  const clean = await evaluate(parseRange(values.clean), { ...size, clean: true })
  console.log(`\nClean logs, seeds ${values.clean}`)
  for (const line of clean.lines) console.log(line)
  console.log(
    `\nfound ${dirty.found} of ${dirty.planted} planted (${((100 * dirty.found) / Math.max(1, dirty.planted)).toFixed(1)} %), ${dirty.surplus} not planted; ${clean.surplus} above low in clean logs`,
  )
}
