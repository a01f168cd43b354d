/** The parts of a summary that only a run with a baseline has: what is known, fixed, and answered otherwise. */
import {
  affectedWord,
  formatAffected,
  formatAmount,
  formatComparison,
  formatCount,
  formatFactor,
  formatMs,
  formatScope,
  formatShare,
  incidentTitle,
} from '../format.ts'
import type { Comparison, GoneIncident, Incident, LatencyChange } from '../types.ts'
import type { Part } from './budget.ts'
import { codeSpan, htmlCode, prose } from './escape.ts'
import { renderEvidence, SEVERITY_SIGNS } from './evidence.ts'
import { tableHead, tableRows } from './incident-table.ts'
import { RANK } from './ranks.ts'
import { listGone } from './standing.ts'

/** Longer lists are read by nobody; incidents.json has all of it. */
const MOST_LISTED = 20
/** Smaller changes of a median are everyday, however sure they are. */
const LEAST_LATENCY_CHANGE = 1.05
/**
 * A change is called clear when it is so many times what its 95 % interval allows for: 3.9 standard errors. By chance
 * alone that is one of 11,000 endpoints, where the interval itself would single out one of 20.
 */
const CLEAR_REACH = 2

/** The incidents that the baseline has too, folded away. */
export function knownPart(known: readonly Incident[], { source }: Comparison): Part[] {
  if (known.length === 0) return []
  const where = source.branch === '' ? 'in the baseline' : `on ${htmlCode(source.branch, 60)}`
  const evidence = known.map((incident) => ({
    open: `${renderEvidence(incident)}\n`,
    rank: RANK.knownEvidence,
    kind: 'evidence blocks',
  }))
  return [
    {
      open: `\n<details>\n<summary>${formatCount(known.length)} known, as ${where}</summary>\n\n${tableHead(false)}`,
      close: '\n</details>\n',
      children: [
        ...tableRows(known, RANK.known, 'rows of known incidents'),
        { open: '\n', rank: RANK.knownEvidence, kind: 'evidence sections', children: evidence },
      ],
      rank: RANK.known,
      kind: 'tables of known incidents',
    },
  ]
}

/** What the baseline had and this log has not. */
export function fixedPart({ fixed }: Comparison): Part[] {
  const gone = listGone(fixed)
  if (gone.length === 0) return []
  return [
    {
      open: '\n**Fixed:**\n\n',
      children: goneItems(gone, RANK.fixed, 'fixed incidents'),
      rank: RANK.fixed,
      kind: 'lists of fixed incidents',
    },
  ]
}

/** What the baseline had, and this log neither shows nor rules out. */
export function untoldPart({ untold }: Comparison): Part[] {
  const gone = listGone(untold)
  if (gone.length === 0) return []
  const title = `${formatAmount(gone.length, 'incident')} of the baseline: not found here, but not surely gone`
  return [
    {
      open: `\n<details>\n<summary>${title}</summary>\n\n`,
      close: '\n</details>\n',
      children: goneItems(gone, RANK.untold, 'incidents that cannot be told'),
      rank: RANK.untold,
      kind: 'lists of incidents that cannot be told',
    },
  ]
}

function goneItems(gone: readonly GoneIncident[], rank: number, kind: string): Part[] {
  return capped(gone, ({ incident, requests, affected }) => {
    const isCounted = Number.isFinite(affected)
    // Where the requests of both are counted, their shares tell what is usual.
    const before =
      isCounted && incident.unit === 'share'
        ? `${formatShare(incident.actual)} ${affectedWord(incident.category)}`
        : formatComparison(incident)
    const here = isCounted
      ? `${formatAffected({ ...incident, affected, support: requests })} now`
      : `not seen in ${formatAmount(requests, 'request')} now`
    const what = `${SEVERITY_SIGNS[incident.severity]} ${incidentTitle(incident)}`
    return `- ${what} in ${codeSpan(formatScope(incident.scope))}: ${before} before, ${here}\n`
  }).map((open) => ({ open, rank, kind }))
}

/** The items as text, and a line that counts those beyond the cap. */
function capped<Item>(items: readonly Item[], render: (item: Item) => string): string[] {
  const more = items.length - MOST_LISTED
  const lines = items.slice(0, MOST_LISTED).map(render)
  return more > 0 ? [...lines, `- … and ${formatCount(more)} more\n`] : lines
}

/** Endpoints that appeared, vanished or answer otherwise: facts, not alarms. */
export function changesPart({ appeared, vanished, changed }: Comparison): Part[] {
  const endpoints = new Set(changed.map(({ endpoint }) => endpoint)).size
  const counts = [
    ...(appeared.length > 0 ? [`${formatAmount(appeared.length, 'endpoint')} appeared`] : []),
    ...(vanished.length > 0 ? [`${formatAmount(vanished.length, 'endpoint')} vanished`] : []),
    ...(endpoints > 0
      ? [`${formatAmount(endpoints, 'endpoint')} ${endpoints === 1 ? 'answers' : 'answer'} otherwise`]
      : []),
  ]
  if (counts.length === 0) return []
  const moved = ({ endpoint, requests }: Comparison['appeared'][number]) =>
    `- ${codeSpan(endpoint)} (${formatAmount(requests, 'request')})\n`
  const section = (title: string, lines: readonly string[], kind: string): Part[] =>
    lines.length === 0
      ? []
      : [
          {
            open: `**${title}:**\n\n`,
            close: '\n',
            children: lines.map((open) => ({ open, rank: RANK.changes, kind })),
            rank: RANK.changes,
            kind: `lists of ${kind}`,
          },
        ]
  return [
    {
      open: `\n<details>\n<summary>Facts, no alarms: ${counts.join(', ')}</summary>\n\n`,
      close: '</details>\n',
      children: [
        ...section('Appeared', capped(appeared, moved), 'endpoints that appeared'),
        ...section('Vanished', capped(vanished, moved), 'endpoints that vanished'),
        ...section(
          'Answers otherwise',
          capped(changed, ({ endpoint, text }) => `- ${codeSpan(endpoint)}: ${prose(text)}\n`),
          'changes of endpoints',
        ),
      ],
      rank: RANK.changes,
      kind: 'lists of changes',
    },
  ]
}

const LATENCY_HEAD =
  '| Endpoint | Median before | Median now | Change (95 % interval) | Requests before | Requests now |\n|---|--:|--:|---|--:|--:|\n'

/** Latency by endpoint, before and now: those that clearly changed first. */
export function latencyPart({ latency }: Comparison): Part[] {
  if (latency.length === 0) return []
  const clear = latency.filter(isClear)
  const likely = latency.filter((change) => !isClear(change) && isBeyond(change, 1))
  const rows = [...clear, ...likely, ...latency.filter((change) => !isBeyond(change, 1))]
  const more = rows.length - MOST_LISTED
  const verb = clear.length === 0 ? 'none of' : `${formatCount(clear.length)} of`
  const tail = `${more > 0 ? `\n… and ${formatAmount(more, 'more endpoint', 'more endpoints')} in \`incidents.json\`.\n` : ''}
The interval covers chance only, not what else differs between two runs. In bold: at least 5 %, and twice what the interval allows for; of 20 endpoints one is outside its interval by chance.

</details>
`
  return [
    {
      open: `\n<details>\n<summary>Latency by endpoint: ${verb} ${formatAmount(latency.length, 'median')} clearly changed</summary>\n\n${LATENCY_HEAD}`,
      close: tail,
      children: rows
        .slice(0, MOST_LISTED)
        .map((change) => ({ open: latencyRow(change), rank: RANK.latency, kind: 'rows of the latency table' })),
      rank: RANK.latency,
      kind: 'latency tables',
    },
  ]
}

/** Whether a median moved by enough, and by so many times what its interval allows for. */
function isBeyond({ ratio, upper }: LatencyChange, reach: number): boolean {
  const factor = Math.max(ratio, 1 / ratio)
  return factor >= LEAST_LATENCY_CHANGE && factor > 1 + reach * (upper / ratio - 1)
}

const isClear = (change: LatencyChange) => isBeyond(change, CLEAR_REACH)

function latencyRow(change: LatencyChange): string {
  const ratio = formatFactor(change.ratio)
  const interval = `${formatFactor(change.lower)} to ${formatFactor(change.upper)}`
  const cells = [
    codeSpan(change.endpoint, { table: true }),
    formatMs(change.beforeMs),
    formatMs(change.afterMs),
    `${isClear(change) ? `**${ratio}**` : ratio} (${interval})`,
    formatCount(change.requestsBefore),
    formatCount(change.requestsAfter),
  ]
  return `| ${cells.join(' | ')} |\n`
}
