import { expect, test } from 'bun:test'
import { redactReport } from './redact-report.ts'
import { sampleComparison } from './sample-comparison.ts'
import { sampleIncident } from './sample-incidents.ts'
import { sampleReport } from './sample-report.ts'

const PERSONAL = 'bob@example.com'

test('every text that came from a log is masked', () => {
  const report = sampleReport()
  const scope = { service: `s ${PERSONAL}`, endpoint: `GET /u/${PERSONAL}` }
  const incident = sampleIncident({
    scope,
    explanation: `for ${PERSONAL}`,
    contributors: [{ dimension: 'region', value: PERSONAL, share: 1 }],
    samples: [{ source: 'a.log:1', text: PERSONAL }],
  })
  const [anomaly] = report.anomalies
  const comparison = sampleComparison()
  const gone = comparison.fixed.map((each) => ({ ...each, incident: { ...each.incident, scope } }))
  const moved = [{ endpoint: `GET /${PERSONAL}`, requests: 1 }]
  const masked = redactReport({
    ...report,
    notes: [PERSONAL],
    incidents: [incident],
    anomalies: anomaly === undefined ? [] : [{ ...anomaly, scope, explanation: PERSONAL }],
    rejected: [{ file: 'a.log', line: 2, reason: `got '${PERSONAL}'`, excerpt: PERSONAL }],
    series: {
      ...report.series,
      errorShareByEnvironment: [{ environment: PERSONAL, share: new Float64Array(1) }],
      anomaliesByService: [{ service: PERSONAL, counts: {} }],
    },
    comparison: {
      ...comparison,
      fixed: gone,
      untold: gone,
      appeared: moved,
      vanished: moved,
      changed: [{ endpoint: PERSONAL, kind: 'fields', text: `field ${PERSONAL} missing` }],
      latency: comparison.latency.map((change) => ({ ...change, endpoint: PERSONAL })),
    },
  })
  expect(JSON.stringify(masked)).not.toContain('bob')
  expect(masked.incidents[0]?.scope).toEqual({ service: 's [email]', endpoint: 'GET /u/[email]' })
  expect(redactReport(masked)).toEqual(masked)
})

test('commits that name a version stay, and so does all that is not secret', () => {
  const version = '0123456789abcdef0123456789abcdef01234567'
  const report = { ...sampleReport(), incidents: [sampleIncident({ scope: { version, region: version } })] }
  expect(redactReport(report).incidents[0]?.scope).toEqual({ version, region: '[token]' })
  expect(redactReport(sampleReport()).incidents).toEqual(sampleReport().incidents)
})
