/** Parts of the JSON Schemas of files that a stranger may hand over: kinds, and how much of them is believable. */
import { DIMENSIONS } from '../types.ts'

export const TEXT = { type: 'string', maxLength: 20_000 }
export const NAME = { type: 'string', maxLength: 2_000 }
export const NUMBER = { type: ['number', 'null'] }
export const TIME = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,3})?Z$' }
export const SCOPE = {
  type: 'object',
  properties: Object.fromEntries(DIMENSIONS.map((name) => [name, NAME])),
  additionalProperties: false,
}

export const listOf = (items: object, maxItems: number) => ({ type: 'array', items, maxItems })

/** Further keys are of later versions, and are not looked at. */
export const recordOf = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
})

/** What a report and a state tell of an incident alike. */
export const KNOWN_INCIDENT = {
  fingerprint: NAME,
  category: { enum: ['silent_failure', 'error_spike', 'traffic_drop', 'traffic_surge', 'latency_surge', 'outlier'] },
  severity: { enum: ['critical', 'high', 'medium', 'low'] },
  start: TIME,
  end: TIME,
  scope: SCOPE,
  metric: {
    enum: [
      'silent_failure_share',
      'server_error_share',
      'client_error_share',
      'slow_share',
      'requests',
      'traffic_share',
      'multivariate',
    ],
  },
  unit: { enum: ['share', 'requests', 'ms', 'sd'] },
  actual: NUMBER,
  expected: NUMBER,
  support: NUMBER,
  affected: NUMBER,
  effect: NUMBER,
}

/** Which run a state was made by. */
export const SOURCE = recordOf({
  name: TEXT,
  branch: NAME,
  commit: NAME,
  runId: { type: ['integer', 'null'], minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  time: { anyOf: [TIME, { type: 'null' }] },
})
