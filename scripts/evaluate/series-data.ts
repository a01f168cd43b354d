/** Labelled series of others, read from the folder of third-party data. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Points } from './series.ts'

export interface Series extends Points {
  /** Below its corpus, e.g. `realTraffic/speed_6005.csv`. */
  readonly file: string
  /** Times as the file writes them. */
  readonly stamps: readonly string[]
  /** 1 in an anomaly. */
  readonly labels: Uint8Array
}

export interface SeriesGroup {
  readonly corpus: 'nab' | 'microsoft'
  readonly name: string
  readonly series: readonly Series[]
}

/** Four groups of the Numenta Anomaly Benchmark and two of Microsoft's cloud-monitoring set; null when they are absent. */
export function readSeries(data: string): SeriesGroup[] | null {
  const folder = join(data, 'series')
  if (!existsSync(folder)) return null
  const nab = join(folder, 'nab')
  const windows: Record<string, [string, string][]> = JSON.parse(
    readFileSync(join(nab, 'labels/combined_windows.json'), 'utf8'),
  )
  const groups: SeriesGroup[] = []
  for (const name of listFolders(nab).filter((each) => /^(?:artificial|real)/.test(each))) {
    const series = listFiles(nab, name).map((file): Series => {
      const { stamps, time, value } = readPoints(join(nab, file))
      const spans = (windows[file] ?? []).map(([from, to]) => [parseTime(from), parseTime(to)])
      const labels = Uint8Array.from(time, (t) => (spans.some(([from, to]) => t >= from && t <= to) ? 1 : 0))
      return { file, stamps, time, value, labels }
    })
    groups.push({ corpus: 'nab', name, series })
  }
  const microsoft = join(folder, 'microsoft')
  for (const name of listFolders(microsoft)) {
    const series = listFiles(microsoft, name).map((file): Series => {
      const { cells, ...points } = readPoints(join(microsoft, file))
      return { file, ...points, labels: Uint8Array.from(cells, (row) => Number(row[2])) }
    })
    groups.push({ corpus: 'microsoft', name, series })
  }
  return groups
}

function listFolders(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
}

function listFiles(folder: string, group: string): string[] {
  return readdirSync(join(folder, group))
    .filter((name) => name.endsWith('.csv'))
    .sort()
    .map((name) => `${group}/${name}`)
}

/** A table of time, value and more; quoted or not, with a byte order mark or without. */
function readPoints(path: string) {
  const [, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/)
  const cells = lines.map((line) => line.replaceAll('"', '').split(','))
  const value = Float64Array.from(cells, (row) => Number(row[1]))
  if (value.some((y) => !Number.isFinite(y))) throw new Error(`${path}: the second column must hold numbers`)
  return {
    cells,
    stamps: cells.map((row) => row[0]),
    time: Float64Array.from(cells, (row) => parseTime(row[0])),
    value,
  }
}

/** Times without a zone are UTC. */
function parseTime(text: string): number {
  const time = Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`)
  if (Number.isNaN(time)) throw new Error(`a time must be like 2015-09-01 13:45:00, got '${text}'`)
  return time
}
