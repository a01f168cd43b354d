/** anomaly-state.json, schema `api-anomaly/state@1`, as it is written. */
import type { CellCount, Dimension, EndpointFacts, KnownIncident } from '../types.ts'
import type { CodedJson } from './coded.ts'
import type { FieldsJson } from './fields.ts'

type OrNull<Value> = { readonly [Key in keyof Value]: Value[Key] extends number ? number | null : Value[Key] }
export type WrittenIncident = OrNull<Omit<KnownIncident, 'start' | 'end'>> & {
  readonly start: string
  readonly end: string
}

export interface UsualJson {
  readonly endpoint: CodedJson
  readonly region: CodedJson
  readonly environment: CodedJson
  readonly timed: readonly number[]
  readonly p50: readonly number[]
  readonly p90: readonly number[]
}

export interface SizeLimitsJson {
  readonly endpoint: CodedJson
  readonly version: CodedJson
  readonly bytes: readonly number[]
}

/** anomaly-state.json, once it is checked. */
export interface StateDocument {
  readonly source: {
    readonly name: string
    readonly branch: string
    readonly commit: string
    readonly runId: number | null
    readonly time: string | null
  }
  readonly unfit: string | null
  readonly rows: number
  readonly start: string
  readonly end: string
  readonly incidents: readonly WrittenIncident[]
  readonly cells: Readonly<Record<Dimension, CodedJson>> & Readonly<Record<CellCount, readonly number[]>>
  readonly usual: UsualJson
  readonly sizeLimits: SizeLimitsJson
  readonly endpoints: readonly Omit<EndpointFacts, 'fields'>[]
  readonly fields: FieldsJson
  readonly traffic: { readonly start: string; readonly windowSeconds: number; readonly requests: readonly number[] }
}

/** Where a run leaves its state. */
export const STATE_FILE = 'anomaly-state.json'
/** What begins every state, so that one is told from a log. */
export const STATE_SIGN = '{\n"schema": "api-anomaly/state@'
export const SCHEMA = 'api-anomaly/state@1'
/** What separates the parts of a name in the maps of a Baseline. */
export const SEPARATOR = '\u0001'
/** `''` is a region too: the endpoint as a whole is told by this. */
export const WHOLE = '*'
