import type { EndpointFacts, FieldFacts } from '../types.ts'
import { type CodedJson, decode, encode } from './coded.ts'

/** The fields of all endpoints in columns: a row per type that a field has. Repeated names make up most of a state. */
export interface FieldsJson {
  /** Place in the list of endpoints, ascending; rows of one field stand together. */
  readonly endpoint: readonly number[]
  readonly name: CodedJson
  readonly type: CodedJson
  readonly bodies: readonly number[]
  /** Empty arrays among them. */
  readonly empty: readonly number[]
}

export function writeFields(endpoints: readonly EndpointFacts[]): FieldsJson {
  const rows = endpoints.flatMap(({ fields }, endpoint) =>
    fields.flatMap(({ name, types, empty }) =>
      Object.entries(types).map(([type, bodies]) => ({
        endpoint,
        name,
        type,
        bodies,
        empty: type === 'array' ? empty : 0,
      })),
    ),
  )
  return {
    endpoint: rows.map(({ endpoint }) => endpoint),
    name: encode(rows.map(({ name }) => name)),
    type: encode(rows.map(({ type }) => type)),
    bodies: rows.map(({ bodies }) => bodies),
    empty: rows.map(({ empty }) => empty),
  }
}

/** @returns the fields of each of so many endpoints */
export function readFields({ endpoint, name, type, bodies, empty }: FieldsJson, endpoints: number): FieldFacts[][] {
  const fields = Array.from(
    { length: endpoints },
    () => new Map<string, { types: Map<string, number>; empty: number }>(),
  )
  const [names, types] = [decode(name), decode(type)]
  for (const [row, at] of endpoint.entries()) {
    const field = fields[at].get(names[row]) ?? { types: new Map(), empty: 0 }
    field.types.set(types[row], bodies[row])
    field.empty += empty[row]
    fields[at].set(names[row], field)
  }
  return fields.map((own) =>
    Array.from(own, ([fieldName, field]) => ({
      name: fieldName,
      types: Object.fromEntries(field.types),
      empty: field.empty,
    })),
  )
}
