/** What a run of main left, for the tests of this folder. */
import type { Comparison, Incident, KnownIncident, LatencyChange, Status } from '../types.ts'
import { hour, sampleIncidents } from './sample-incidents.ts'

const STATUS_OF: Readonly<Record<string, Status>> = {
  I1: 'new',
  I2: 'known',
  I3: 'worse',
  I4: 'new',
  I5: 'known',
  I6: 'known',
  I7: 'new',
}

/** The sample's incidents with two new, one worse and three known above the watch list. */
export function withStatuses(incidents: readonly Incident[]): Incident[] {
  return incidents.map((incident) => ({
    ...incident,
    status: STATUS_OF[incident.id] ?? 'new',
    before: incident.id === 'I3' ? incident.actual / 4 : Number.NaN,
  }))
}

/** Against a run of main two hours before, with every kind of fact. */
export function sampleComparison(): Comparison {
  return {
    ...cleanComparison(),
    fixed: [
      {
        incident: knownIncident({
          fingerprint: '4b1e93d20c7f',
          scope: { endpoint: 'GET /orders/{id}', version: '2.13.1' },
        }),
        requests: 1_190,
        affected: 3,
      },
      // Accepted by somebody, so that it counts nowhere.
      {
        incident: knownIncident({ fingerprint: 'e07712ab35d8', severity: 'low', scope: { service: 'legacy' } }),
        requests: 200,
        affected: 0,
      },
    ],
    untold: [
      {
        incident: knownIncident({
          fingerprint: '90aa41c7de06',
          severity: 'medium',
          scope: { endpoint: 'POST /refunds', region: 'sa-east-1' },
        }),
        requests: 3,
        affected: 0,
      },
    ],
    appeared: [
      { endpoint: 'GET /v3/orders', requests: 1_204 },
      { endpoint: 'POST /v3/orders', requests: 311 },
    ],
    vanished: [{ endpoint: 'GET /v1/legacy', requests: 96 }],
    changed: [
      { endpoint: 'POST /checkout', kind: 'status', text: 'status 202: 0 % before, 12.5 % now' },
      { endpoint: 'GET /search', kind: 'size', text: 'median size: 12.4 KB before, 4.1 KB now (×0.33)' },
      {
        endpoint: 'GET /search',
        kind: 'fields',
        text: 'field next_page missing in 31 % of 2xx, in 0 of 48,210 before',
      },
    ],
    latency: [
      latencyChange('POST /checkout', 190, 612, 3.22, 2.95, 3.52),
      latencyChange('GET /reports/{id}', 840, 1_310, 1.56, 0.71, 3.42),
      latencyChange('GET /search', 212, 148, 0.698, 0.651, 0.749),
      latencyChange('POST /refunds', 375, 453, 1.208, 1.013, 1.441),
      latencyChange('GET /orders/{id}', 64, 66.1, 1.033, 1.011, 1.055),
      latencyChange('POST /login', 118, 117, 0.992, 0.954, 1.031),
    ],
  }
}

/** Against the same run, with nothing that differs. */
export function cleanComparison(): Comparison {
  const commit = 'abc1234d5e6f708192a3b4c5d6e7f8091a2b3c4d'
  return {
    source: { name: 'main.csv (48,210 rows)', branch: 'main', commit, runId: 4_711, time: hour(24 * 14) },
    ageMs: 2.4 * 3_600_000,
    fixed: [],
    untold: [],
    appeared: [],
    vanished: [],
    changed: [],
    latency: [latencyChange('GET /search', 212, 210, 0.991, 0.962, 1.02)],
  }
}

function knownIncident(changes: Partial<KnownIncident>): KnownIncident {
  const [, , spike] = sampleIncidents()
  const { fingerprint, category, severity, start, end, scope, metric, unit } = spike
  const { actual, expected, support, affected, effect } = spike
  return {
    ...{ fingerprint, category, severity, start, end, scope, metric, unit },
    ...{ actual, expected, support, affected, effect },
    ...changes,
  }
}

function latencyChange(
  endpoint: string,
  beforeMs: number,
  afterMs: number,
  ratio: number,
  lower: number,
  upper: number,
): LatencyChange {
  return { endpoint, beforeMs, afterMs, ratio, lower, upper, requestsBefore: 2_900, requestsAfter: 1_204 }
}
