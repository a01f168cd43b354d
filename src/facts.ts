/** What several logs, or several versions, tell of one endpoint is added up here. */
import { mergeHistograms } from './math/histogram.ts'
import { type ContentGroup, groupOfContent, JSON_TYPES, type JsonType } from './shapes.ts'
import type { EndpointFacts, FieldFacts } from './types.ts'

/** The facts of one endpoint in all versions together. @param facts at least one */
export function mergeVersions(facts: readonly EndpointFacts[]): EndpointFacts {
  return { ...mergeFacts(facts), version: '' }
}

/** The facts of one endpoint in one version. @param facts at least one */
export function mergeFacts(facts: readonly EndpointFacts[]): EndpointFacts {
  return {
    endpoint: facts[0].endpoint,
    version: facts[0].version,
    requests: facts.reduce((sum, { requests }) => sum + requests, 0),
    statuses: mergeCounts(facts.map(({ statuses }) => statuses)),
    latency: mergeHistograms(facts.map(({ latency }) => latency)),
    sizes: mergeHistograms(facts.map(({ sizes }) => sizes)),
    contents: mergeCounts(facts.map(({ contents }) => contents)),
    bodies: facts.reduce((sum, { bodies }) => sum + bodies, 0),
    fields: mergeFields(facts.flatMap(({ fields }) => fields)),
  }
}

function mergeFields(all: readonly FieldFacts[]): FieldFacts[] {
  return groupBy(all, ({ name }) => name).map((fields) => ({
    name: fields[0].name,
    types: mergeCounts(fields.map(({ types }) => types)),
    empty: fields.reduce((sum, { empty }) => sum + empty, 0),
  }))
}

function mergeCounts(all: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums = new Map<string, number>()
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count)
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Answers by the group of their content. */
export function countContents({ contents }: EndpointFacts): Record<ContentGroup, number> {
  const counts = { json: 0, html: 0, other: 0 }
  for (const [content, count] of Object.entries(contents)) {
    const group = groupOfContent(content)
    if (group !== null) counts[group] += count
  }
  return counts
}

/** Bodies that have the field, by its type. A state comes from elsewhere: types that JSON does not have do not count. */
export function countTypes({ types }: FieldFacts): Map<JsonType, number> {
  return new Map(JSON_TYPES.map((type) => [type, types[type] ?? 0]))
}

/** Bodies that have the field. */
export function countPresent(field: FieldFacts): number {
  return [...countTypes(field).values()].reduce((sum, count) => sum + count, 0)
}

/** Values by what they have in common, in order of their first. */
export function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Value[][] {
  const groups = new Map<string, Value[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group === undefined) groups.set(keyOf(value), [value])
    else group.push(value)
  }
  return [...groups.values()]
}
