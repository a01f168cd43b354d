/** A report in which every text that a log, or the state of another run, can reach is hostile. */
import type { GoneIncident, Report } from '../types.ts'
import { sampleComparison } from './sample-comparison.ts'
import { comparedReport } from './sample-report.ts'

/** Everything that a log's author could try, in every field that a log can reach. */
export const HOSTILE = [
  '`|` \\| <img src=x onerror=alert(1)> @octocat #1 [x](http://evil.example) www.evil.example',
  '::error::boom\n##[error]boom\r::set-output name=x::y',
  '</summary></details><script>alert(1)</script>-->```\n# Title',
  '=HYPERLINK("http://evil.example")',
  'a\u202eb\u200bc\u0000d\u001b[31me\ud800f',
  '"]; x-axis [1e3, NaN] %% --> end',
  `${'long-name-'.repeat(40)}`,
  'octocat/repo#12 GH-12 0123456789abcdef0123456789abcdef01234567 ~~x~~ **y** _z_ - + 1. > :tada: &lt;b&gt;',
]

/** The compared sample with those texts as names, explanations, samples, files, notes, fields and branches. */
export function hostileReport(): Report {
  const report = comparedReport()
  const hostile = (index: number) => HOSTILE[index % HOSTILE.length] ?? ''
  const comparison = sampleComparison()
  const scope = (index: number) => ({
    service: hostile(index),
    endpoint: hostile(index + 1),
    region: hostile(index + 3),
  })
  const gone = ({ incident, ...now }: GoneIncident, index: number) => ({
    ...now,
    incident: { ...incident, scope: scope(index), fingerprint: hostile(index) },
  })
  return {
    ...report,
    input: { ...report.input, files: HOSTILE, formats: [hostile(2)], baseline: hostile(0) },
    notes: HOSTILE,
    incidents: report.incidents.map((incident, index) => ({
      ...incident,
      // One stays as ours are, or there would be nothing to paste.
      fingerprint: index === 0 ? incident.fingerprint : hostile(index + 2),
      scope: scope(index),
      explanation: `Requests to ${hostile(index + 1)} in ${hostile(index)} failed; ${hostile(index + 2)}`,
      contributors: [{ dimension: 'region', value: hostile(index + 3), share: 0.5 }],
      related: [hostile(index)],
      samples: HOSTILE.map((text) => ({ source: `${text}:7`, text })),
    })),
    anomalies: report.anomalies.map((anomaly, index) => ({
      ...anomaly,
      scope: { service: hostile(index), endpoint: hostile(index + 3) },
      source: hostile(index),
      explanation: hostile(index + 3),
    })),
    rejected: HOSTILE.map((text, line) => ({ file: text, line, reason: text, excerpt: text })),
    series: {
      ...report.series,
      errorShareByEnvironment: HOSTILE.map((environment) => ({
        environment,
        share: report.series.errorShareByEnvironment[0]?.share ?? new Float64Array(),
      })),
      anomaliesByService: HOSTILE.map((service, index) => ({
        service,
        counts: { silent_failure: index + 1, outlier: 1 },
      })),
    },
    comparison: {
      ...comparison,
      source: { ...comparison.source, name: hostile(0), branch: hostile(2), commit: '`|#12 <a' },
      fixed: HOSTILE.flatMap((_, index) => comparison.fixed.map((each) => gone(each, index))),
      untold: comparison.untold.map((each) => gone(each, 4)),
      appeared: HOSTILE.map((endpoint) => ({ endpoint, requests: 5 })),
      vanished: HOSTILE.map((endpoint) => ({ endpoint, requests: 5 })),
      changed: HOSTILE.map((text, index) => ({
        endpoint: hostile(index + 1),
        kind: 'fields',
        text: `field ${text} missing`,
      })),
      latency: HOSTILE.flatMap((endpoint) => comparison.latency.slice(0, 1).map((change) => ({ ...change, endpoint }))),
    },
  }
}
