/** Event scores of the forecast detector on series of others, beside what a score is worth. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type EventScore, findRuns, precisionOf, recallOf, scoreEvents } from './event-score.ts'
import { flagByForecast, flagByProphet, type Points } from './series.ts'
import { readSeries, type Series, type SeriesGroup } from './series-data.ts'

/** Flags this many points apart are one alarm. */
const MERGE_POINTS = 3
/** Microsoft labels points, so that an alarm may lie this many points beside one; the other corpus labels wide windows. */
const TOLERANCE = { nab: 0, microsoft: 3 } as const
const EVERY = 100

interface Detector {
  readonly name: string
  flag(points: Points): Promise<Uint8Array> | Uint8Array
}

const DETECTORS: readonly Detector[] = [
  { name: '**forecast detector of this project**, default threshold', flag: flagByForecast },
  { name: 'Prophet, 99 % interval', flag: flagByProphet },
  { name: `flag every ${EVERY}th row`, flag: ({ time }) => Uint8Array.from(time, (_, i) => (i % EVERY === 0 ? 1 : 0)) },
  { name: 'flag nothing', flag: ({ time }) => new Uint8Array(time.length) },
]

interface Row {
  readonly detector: string
  readonly group: SeriesGroup
  readonly score: EventScore
  /** By the rules of the Numenta Anomaly Benchmark, standard profile; `–` where it has none. */
  readonly nab: string
}

export interface SeriesScores {
  readonly rows: readonly Row[]
  /** Why a column is empty, `''` when it is not. */
  readonly note: string
}

/** @returns null when the data is absent */
export async function playSeries(data: string): Promise<SeriesScores | null> {
  const groups = readSeries(data)
  if (groups === null) return null
  const tool = findScorer(data)
  const rows: Row[] = []
  for (const { name, flag } of DETECTORS) {
    const folder = mkdtempSync(join(tmpdir(), 'series-'))
    try {
      for (const group of groups) {
        let score: EventScore = { events: 0, found: 0, alarms: 0, right: 0 }
        for (const series of group.series) {
          const flags = await flag(series)
          if (group.corpus === 'nab') writeScores(folder, series, flags)
          const tolerance = TOLERANCE[group.corpus]
          const own = scoreEvents(series.labels, flags, { before: tolerance, after: tolerance, merge: MERGE_POINTS })
          score = {
            events: score.events + own.events,
            found: score.found + own.found,
            alarms: score.alarms + own.alarms,
            right: score.right + own.right,
          }
        }
        const nab = group.corpus === 'nab' && tool.path !== '' ? runScorer(tool.path, data, folder, group.name) : '–'
        rows.push({ detector: name, group, score, nab })
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  }
  return { rows, note: tool.note }
}

/** One detection per alarm, at its first point. */
function writeScores(folder: string, { file, stamps }: Series, flags: Uint8Array): void {
  const first = new Set(findRuns(flags, MERGE_POINTS).map(([from]) => from))
  const lines = stamps.map((stamp, i) => `${stamp},${first.has(i) ? 1 : 0}`)
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), `timestamp,anomaly_score\n${lines.join('\n')}\n`)
}

function findScorer(data: string): { path: string; note: string } {
  const path = resolve(data, '../tools/nab_score.py')
  if (!existsSync(path)) return { path: '', note: 'The NAB score was not computed: its scorer is absent.' }
  if (spawnSync('python3', ['--version']).status !== 0)
    return { path: '', note: 'The NAB score was not computed: there is no python3.' }
  return { path, note: '' }
}

function runScorer(tool: string, data: string, scores: string, group: string): string {
  const nab = join(data, 'series/nab')
  const { status, stdout, stderr } = spawnSync(
    'python3',
    [tool, nab, scores, '--threshold', '0.5', '--only', `${group}/`],
    { encoding: 'utf8' },
  )
  if (status !== 0) throw new Error(`${tool} must score ${group}, but ended with ${status}: ${stderr.trim()}`)
  return /^standard .*score=(-?[\d.]+)/m.exec(stdout)?.[1] ?? '–'
}

export function renderSeries(scores: SeriesScores | null): string[] {
  const heading = ['## Series of others', '']
  if (scores === null) return [...heading, 'The folder of third-party series was absent (`--data`): not measured.']
  const { rows, note } = scores
  const body = rows.map(({ detector, group, score, nab }) => {
    const precision = score.alarms === 0 ? '–' : precisionOf(score).toFixed(2)
    const recall = score.events === 0 ? '–' : recallOf(score).toFixed(2)
    return `| ${[group.name, detector, score.events, score.alarms, recall, precision, nab].join(' | ')} |`
  })
  const byGroup = [...new Set(rows.map(({ group }) => group.name))].flatMap((name) =>
    body.filter((_, i) => rows[i].group.name === name),
  )
  return [
    ...heading,
    `The forecast detector of the whole's traffic as a plain detector on (time, value) ([series.ts](../scripts/evaluate/series.ts)), on four groups of the Numenta Anomaly Benchmark (windows of rows are labelled) and two of Microsoft's cloud-monitoring set (points are labelled; an alarm may lie ${TOLERANCE.microsoft} points beside one). The threshold is the product's default, fixed before looking; it sees the whole series, as it sees a whole log, while the benchmark's own detectors see no future. Flags at most ${MERGE_POINTS} points apart are one alarm. An event is found when an alarm touches it, an alarm is right when it touches an event ([event-score.ts](../scripts/evaluate/event-score.ts)). NAB score: standard profile at that threshold, one detection per alarm at its first point, 0 is silence and 100 perfect.`,
    '',
    '| Group | Detector | Events | Alarms | Recall | Precision | NAB score |',
    '|---|---|--:|--:|--:|--:|--:|',
    ...byGroup,
    ...(note === '' ? [] : ['', note]),
  ]
}
