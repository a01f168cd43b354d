import { type JsonType, parseShape, type Shape } from '../shapes.ts'
import type { Coded, EndpointFacts, FieldFacts } from '../types.ts'

/** A field in fewer bodies, or in a smaller part of them, may be somebody's data and teaches nothing. */
const FEWEST_WITH_FIELD = 3
const LEAST_FIELD_SHARE = 0.01
/** The most frequent ones are kept. */
const MOST_FIELDS = 100

export type BodyFacts = Pick<EndpointFacts, 'contents' | 'bodies' | 'fields'>

/** The shape behind each code of a column, each parsed once; null for unknown. */
export function createShapeReader({ values }: Coded): (code: number) => Shape | null {
  const known: (Shape | null | undefined)[] = []
  return (code) => {
    let shape = known[code]
    if (shape === undefined) {
      shape = parseShape(values[code])
      known[code] = shape
    }
    return shape
  }
}

/** What answers of some shapes tell of an endpoint. @param answers how many there are of each shape */
export function buildBodyFacts(answers: Iterable<readonly [Shape | null, number]>): BodyFacts {
  const contents = new Map<string, number>()
  const fields = new Map<string, { types: Map<JsonType, number>; empty: number; count: number }>()
  for (const [shape, count] of answers) {
    if (shape === null) continue
    contents.set(shape.content, (contents.get(shape.content) ?? 0) + count)
    for (const { name, type, isEmpty } of shape.fields.values()) {
      let field = fields.get(name)
      if (field === undefined) {
        field = { types: new Map(), empty: 0, count: 0 }
        fields.set(name, field)
      }
      field.types.set(type, (field.types.get(type) ?? 0) + count)
      field.count += count
      if (isEmpty) field.empty += count
    }
  }
  const bodies = contents.get('json object') ?? 0
  const isTold = bodies >= FEWEST_WITH_FIELD
  const least = Math.max(FEWEST_WITH_FIELD, LEAST_FIELD_SHARE * bodies)
  const kept = [...fields]
    .filter(([, { count }]) => count >= least)
    .sort(([a, { count: m }], [b, { count: n }]) => n - m || (a < b ? -1 : 1))
    .slice(0, MOST_FIELDS)
  return {
    contents: Object.fromEntries(sortByName(contents)),
    // Bodies of which no field is kept would say that none has any.
    bodies: isTold ? bodies : 0,
    fields: isTold
      ? kept.map(
          ([name, { types, empty }]): FieldFacts => ({ name, types: Object.fromEntries(sortByName(types)), empty }),
        )
      : [],
  }
}

function sortByName<Name extends string>(counts: ReadonlyMap<Name, number>): [Name, number][] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
}
