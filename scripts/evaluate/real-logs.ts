/** Real logs in which nothing happened that anybody knows of: nothing above low may be reported. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findLogSources } from '../../src/io/files.ts'
import { readLogs } from '../../src/logs/read.ts'
import { run } from '../../src/run.ts'
import type { Incident } from '../../src/types.ts'

/** Below the data folder. */
const FILES = [
  'logs/elastic_examples/apache_logs',
  'logs/jmeter/sample_log1.jtl',
  'logs/jmeter/sample_log1b.jtl',
  'logs/jmeter/sample_log1c.jtl',
  'logs/jmeter/sample_log2.jtl',
  'logs/jmeter/HTMLReportTestFile.csv',
  'logs/jmeter/HTMLReportFalseTestFile.csv',
] as const

export interface RealLog {
  readonly file: string
  readonly format: string
  readonly rows: number
  readonly hours: number
  /** Above low, and on the watch list. */
  readonly reported: readonly Incident[]
  readonly watched: number
}

/** @returns null when the folder is absent */
export async function playRealLogs(data: string): Promise<RealLog[] | null> {
  if (!existsSync(join(data, 'logs'))) return null
  const played: RealLog[] = []
  for (const file of FILES) {
    const logs = await readLogs(await findLogSources([join(data, file)]))
    const { incidents, input } = await run(logs)
    const reported = incidents.filter(({ severity }) => severity !== 'low')
    played.push({
      file,
      format: logs.formats.join(', '),
      rows: input.rows,
      hours: (input.end - input.start) / 3_600_000,
      reported,
      watched: incidents.length - reported.length,
    })
  }
  return played
}

export function renderRealLogs(played: readonly RealLog[] | null): string[] {
  const heading = ['## Real logs that hold nothing', '']
  if (played === null) return [...heading, 'The folder of third-party logs was absent (`--data`): not measured.']
  const reported = played.flatMap(({ file, reported }) => reported.map((incident) => ({ file, incident })))
  return [
    ...heading,
    `${reported.length} incidents above low in ${played.length} real logs: an access log of a web site and the sample results that JMeter ships.`,
    '',
    '| Log | Format | Rows | Hours | Incidents above low | Watch list |',
    '|---|---|--:|--:|--:|--:|',
    ...played.map(
      ({ file, format, rows, hours, reported, watched }) =>
        `| ${file.slice('logs/'.length)} | ${format} | ${rows} | ${hours.toPrecision(2)} | ${reported.length} | ${watched} |`,
    ),
    ...(reported.length === 0 ? [] : ['']),
    ...reported.map(({ file, incident }) => `- ${file}: ${incident.severity}: ${incident.explanation}`),
  ]
}
