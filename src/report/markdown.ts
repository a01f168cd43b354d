import {
  formatAmount,
  formatCount,
  formatDuration,
  formatProbability,
  formatSeverityCounts,
  formatShare,
  formatTimeRange,
} from '../format.ts'
import { type Comparison, type Incident, type InputSummary, type Report, SEVERITIES } from '../types.ts'
import { type Budget, type Fitted, fitParts, type Part } from './budget.ts'
import { changesPart, fixedPart, knownPart, latencyPart, untoldPart } from './compared.ts'
import { codeSpan, prose } from './escape.ts'
import { renderEvidence } from './evidence.ts'
import { tableHead, tableRows } from './incident-table.ts'
import { renderTimeline } from './mermaid.ts'
import { RANK } from './ranks.ts'
import { snippetPart } from './snippet.ts'
import { countStatuses, describeBaseline, formatStatuses, isNews, listFound } from './standing.ts'

/** A picture of the run at a chart server. */
export interface ChartLink {
  readonly title: string
  readonly url: string
}

export interface SummaryOptions {
  readonly quickchartLinks?: readonly ChartLink[]
  /** Paths of the files written beside the summary, relative to it; PNG charts are shown. Leave out where they are not at hand. */
  readonly files?: readonly string[]
  /** Default 900 KiB: GitHub drops a job summary of over 1 MiB. */
  readonly maxBytes?: number
  /** Default unlimited; a comment may have 65,536. */
  readonly maxCharacters?: number
}

const DEFAULT_MAX_BYTES = 900 * 1024
/** Room for the sentence that says what was left out. */
const RESERVE = 600

/**
 * summary.md: headline, incidents worst first, the requests timeline, evidence and watch list folded, every note. With a
 * baseline the headline and the table are about what is new or worse; what is known is folded, and what is fixed or
 * answers otherwise is listed. Log fields stand in code spans. Over budget, the least important is left out and a
 * sentence says so.
 */
export function renderSummary(report: Report, options: SummaryOptions = {}): string {
  const budget: Budget = {
    maxBytes: (options.maxBytes ?? DEFAULT_MAX_BYTES) - RESERVE,
    maxCharacters: (options.maxCharacters ?? Number.POSITIVE_INFINITY) - RESERVE,
  }
  const { comparison } = report
  const found = listFound(report)
  const news = found.filter(isNews)
  const watched = report.incidents.filter((incident) => incident.severity === 'low')
  const known = found.filter((incident) => !isNews(incident))
  const compared = (part: (comparison: Comparison) => Part[]) => (comparison === null ? [] : part(comparison))
  const fitted = fitParts(
    [
      { open: headline(report, news), rank: RANK.head, kind: 'headlines' },
      ...incidentTable(news, comparison !== null),
      ...compared(fixedPart),
      ...compared((against) => knownPart(known, against)),
      ...compared(untoldPart),
      ...timeline(report),
      ...evidence(news),
      ...compared(changesPart),
      ...compared(latencyPart),
      ...watchList(watched),
      ...notes(report.notes),
      ...links(options),
      ...snippetPart(report),
    ],
    budget,
  )
  // No log field can hold a line break here, so these are gaps between parts.
  return (fitted.text + leftOutSentence(fitted)).replace(/\n{3,}/g, '\n\n')
}

/** @param news incidents above the watch list that are not known from the baseline */
function headline(report: Report, news: readonly Incident[]): string {
  const { tests, comparison } = report
  const alarms = `${formatProbability(tests.expectedFalseAlarms)} false alarms expected by chance`
  const judged = `${formatAmount(tests.judged, 'test')} judged`
  const analysed = `${analysedSentence(report)}\n`
  const severities = formatSeverityCounts(news, SEVERITIES)
  const nothing = `Nothing unusual: ${judged}, none significant (${alarms}).`
  if (comparison === null) {
    if (news.length === 0) return `## ✅ No API anomalies\n\n${nothing}\n\n${analysed}`
    return `## API anomalies: ${severities}\n\n${analysed}\n${judged}, ${alarms}.\n`
  }
  const counts = formatStatuses(countStatuses(report, comparison))
  const against = describeBaseline(comparison, {
    name: (text) => codeSpan(text, { maxLength: 60 }),
    phrase: (text) => prose(text, [], 120),
  })
  if (news.length > 0) {
    const title = `## API anomalies: ${counts} against ${against}`
    return `${title}\n\nNew or worse: ${severities}.\n\n${analysed}\n${judged}, ${alarms}.\n`
  }
  const told = counts === '' ? nothing : `${counts}; ${judged}, ${alarms}.`
  return `## ✅ No new API anomalies against ${against}\n\n${told}\n\n${analysed}`
}

function analysedSentence({ input, comparison }: Report): string {
  const parts: readonly [count: number, singular: string][] = [
    [input.services, 'service'],
    [input.endpoints, 'endpoint'],
    [input.regions, 'region'],
    [input.environments, 'environment'],
    [input.versions, 'version'],
  ]
  const dimensions = parts.filter(([count]) => count > 0).map(([count, singular]) => formatAmount(count, singular))
  const span = formatDuration(input.end - input.start)
  const sentences = [
    `Analysed ${formatAmount(input.rows, 'request')} over ${span} (${formatTimeRange(input.start, input.end)})${dimensions.length > 0 ? ` of ${dimensions.join(', ')}` : ''}, in windows of ${formatDuration(input.windowSeconds * 1000)}.`,
    `Read from ${fileList(input.files)}${input.formats.length > 0 ? ` (${input.formats.map((format) => prose(format)).join(', ')})` : ''}; ${rejectedClause(input)}.`,
    input.baseline === ''
      ? 'No baseline log: the log is its own.'
      : `Baseline: ${prose(input.baseline)}${runOf(comparison)}.`,
  ]
  return sentences.join(' ')
}

function runOf(comparison: Comparison | null): string {
  const runId = comparison?.source.runId ?? Number.NaN
  return Number.isFinite(runId) ? ` of run ${runId}` : ''
}

function fileList(files: readonly string[]): string {
  const shown = files.slice(0, 3).map((file) => codeSpan(file, { maxLength: 100 }))
  const more = files.length - shown.length
  if (files.length === 0) return 'no file'
  return more > 0 ? `${shown.join(', ')} and ${formatAmount(more, 'more file', 'more files')}` : shown.join(', ')
}

function rejectedClause({ rows, rejected }: InputSummary): string {
  if (rejected === 0) return 'no line rejected'
  return `${formatAmount(rejected, 'line')} rejected (${formatShare(rejected / (rows + rejected))})`
}

function incidentTable(news: readonly Incident[], withStatus: boolean): Part[] {
  if (news.length === 0) return []
  const rows = tableRows(news, RANK.row, 'rows of the incident table', withStatus)
  return [{ open: `\n${tableHead(withStatus)}`, close: '\n', children: rows, rank: RANK.row, kind: 'incident tables' }]
}

function timeline({ series }: Report): Part[] {
  const drawn = renderTimeline(series)
  if (drawn === undefined) return []
  const rows = drawn.tableRows.map((open) => ({ open, rank: RANK.numbers, kind: 'rows of the timeline table' }))
  const table: Part = {
    open: `<details>\n<summary>The same in numbers</summary>\n\n${drawn.tableHead}`,
    close: '\n</details>\n\n',
    children: rows,
    rank: RANK.numbers,
    kind: 'tables of the timeline',
  }
  return [{ open: `\n${drawn.drawing}\n`, children: [table], rank: RANK.timeline, kind: 'timelines' }]
}

function evidence(news: readonly Incident[]): Part[] {
  if (news.length === 0) return []
  const blocks = news.map((incident) => ({
    open: `${renderEvidence(incident)}\n`,
    rank: RANK.evidence,
    kind: 'evidence blocks',
  }))
  return [{ open: '\n### Evidence\n\n', children: blocks, rank: RANK.evidence, kind: 'evidence sections' }]
}

function watchList(watched: readonly Incident[]): Part[] {
  if (watched.length === 0) return []
  const title = `Watch list: ${formatAmount(watched.length, 'weak sign', 'weak signs')}, not counted as found`
  return [
    {
      open: `\n<details>\n<summary>${title}</summary>\n\n${tableHead(false)}`,
      close: '\n</details>\n',
      children: tableRows(watched, RANK.watch, 'rows of the watch list'),
      rank: RANK.watch,
      kind: 'watch lists',
    },
  ]
}

function notes(all: readonly string[]): Part[] {
  if (all.length === 0) return []
  const items = all.map((note) => ({ open: `- ${prose(note)}\n`, rank: RANK.notes, kind: 'notes' }))
  return [{ open: '\n### Notes\n\n', children: items, rank: RANK.notes, kind: 'sections of notes' }]
}

function links({ quickchartLinks = [], files = [] }: SummaryOptions): Part[] {
  const images = files.filter((file) => file.endsWith('.png'))
  const others = files.filter((file) => !/\.(?:png|svg)$/.test(file))
  const lines: string[] = []
  if (images.length > 0) lines.push('### Charts', '', ...images.map(image), '')
  if (quickchartLinks.length > 0) {
    const list = quickchartLinks.map(({ title, url }) => `[${title.replace(/[^\w ,.-]/g, '')}](${destination(url)})`)
    lines.push(`Charts at the QuickChart server: ${list.join(' · ')}`, '')
  }
  if (others.length > 0)
    lines.push(`Files: ${others.map((file) => `[${codeSpan(file)}](${destination(file)})`).join(', ')}`, '')
  return lines.length === 0
    ? []
    : [{ open: `\n${lines.join('\n')}`, rank: RANK.links, kind: 'lists of charts and files' }]
}

function image(file: string): string {
  const name = file.replace(/^.*\//, '').replace(/\.png$/, '')
  return `![${name.replace(/[^\w]+/g, ' ')}](${destination(file)})\n`
}

/** A link's address in the form that may hold anything but angle brackets and line breaks. */
function destination(address: string): string {
  return `<${encodeURI(address.toWellFormed()).replaceAll('%25', '%')}>`
}

function leftOutSentence({ leftOut }: Fitted): string {
  if (leftOut.size === 0) return ''
  const list = [...leftOut].map(([kind, count]) => `${formatCount(count)} ${kind}`).join(', ')
  return `\n> Left out to fit the size limit: ${list}. \`incidents.json\` and \`master_anomalies.csv\` have all of it.\n`
}
