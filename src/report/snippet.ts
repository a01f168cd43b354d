import { formatIso, formatTimeRange, incidentTitle } from '../format.ts'
import type { Incident, Report } from '../types.ts'
import type { Part } from './budget.ts'
import { RANK } from './ranks.ts'
import { isNews, listFound } from './standing.ts'

/** More at once is not accepted, it is given up. */
const MOST_ENTRIES = 5
/** What is accepted is to be looked at again after a quarter. */
const ACCEPTED_FOR_MS = 90 * 86_400_000
/** As ours are. What comes from a stranger's run is shown in the evidence, and not offered for pasting. */
const FINGERPRINT = /^[0-9a-z]{4,64}$/

/**
 * The folded entries of the config file that accept the worst of what is new. They hold no log text: an incident is
 * told by its fingerprint, which is quoted, or one like `12e45678` would be a number.
 */
export function snippetPart(report: Report): Part[] {
  const entries = [
    ...new Map(
      listFound(report)
        .filter((incident) => isNews(incident) && FINGERPRINT.test(incident.fingerprint))
        .map((incident) => [incident.fingerprint, incident]),
    ).values(),
  ]
  if (entries.length === 0) return []
  const until = untilLine(report)
  const yaml = entries.slice(0, MOST_ENTRIES).map((incident) => renderEntry(incident, until))
  const open = `
<details>
<summary>Seen and accepted? Paste into <code>.github/api-anomaly.yml</code></summary>

\`\`\`yaml
ignore:
${yaml.join('')}\`\`\`

\`expected\`: real, and no part of what is usual. \`false alarm\`: it is usual. \`new normal\`: usual from now on, and what was before no longer counts.

</details>
`
  return [{ open, rank: RANK.snippet, kind: 'snippets for the config file' }]
}

function renderEntry(incident: Incident, until: string): string {
  const when = formatTimeRange(incident.start, incident.end)
  return `  # ${incident.severity}: ${incidentTitle(incident)}, ${when}
  - fingerprint: "${incident.fingerprint}"
    reason: "say why"
    ${until}
    verdict: expected  # or: false alarm, new normal
`
}

/**
 * A day that lies ahead. There is no clock here, and logs may be old: only a baseline with a date says that the run is
 * of these days, else the key is left to be filled in.
 */
function untilLine({ comparison, input }: Report): string {
  const time = comparison === null ? Number.NaN : Math.max(comparison.source.time, input.end)
  const day = formatIso(time + ACCEPTED_FOR_MS)?.slice(0, 10)
  return day === undefined || !/^\d{4}-/.test(day) ? '# until: YYYY-MM-DD' : `until: ${day}`
}
