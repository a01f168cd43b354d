import { recogniseField } from '../fields.ts'
import type { Format } from '../format.ts'
import { findItemPath, JsonItems } from '../json-items.ts'
import { JsonRecords, parseObject } from '../json-records.ts'

const MOST_LEARNT = 200
/** Where stores put the records of an export: Elasticsearch and Kibana, CloudWatch, Azure, Datadog, Loki and others. */
const LISTS = [
  '*',
  'hits.hits.*',
  'rawResponse.hits.hits.*',
  'responses.*.hits.hits.*',
  ...['events', 'Records', 'records', 'requests', 'entries', 'logs', 'items', 'data', 'results', 'value'].map(
    (name) => `${name}.*`,
  ),
]
/** Objects one after the other, each on several lines, as `jq .` writes them. */
const ROOT = ''

/** One JSON array of objects, on one line or many; an object that holds such an array; objects one after the other. */
export const jsonArray: Format = {
  name: 'json',
  plannedTraffic: false,
  recognise(head) {
    if (/^\s*\[\s*\{\s*"/.test(head)) return 0.9
    if (!/^\s*\{\s*"/.test(head)) return 0
    const isOnLines = /^\s*\{\s*\n/.test(head)
    const path = findPath(head)
    return path === ROOT ? (isOnLines ? 0.6 : 0) : 0.96
  },
  async read({ head, text }, file) {
    const path = findPath(head)
    const sample: object[] = []
    const learner = new JsonItems([path], {
      onItem(item) {
        const record = sample.length < MOST_LEARNT ? parseObject(item) : null
        if (record !== null) sample.push(record)
      },
      onRefused() {},
    })
    learner.push(head)
    const records = new JsonRecords(file, sample)

    // On one line the number of the record says more than that of the line.
    const isOneLine = !head.trim().includes('\n')
    let number = 0
    const items = new JsonItems([path], {
      onItem(item, line) {
        number++
        const place = isOneLine ? number : line
        const record = parseObject(item)
        if (record === null) file.builder.reject(place, 'an item must be a JSON object', item)
        else records.append(record, place, () => item)
      },
      onRefused: (line, reason, excerpt) => file.builder.reject(isOneLine ? ++number : line, reason, excerpt),
    })
    for await (const chunk of text()) items.push(chunk)
    if (!items.finish()) file.builder.note('ends within its JSON; what comes before was read.', file.name)
    records.finish()
  },
}

/** Where the records stand. A record of its own may hold a list too: what has a time is a record. */
function findPath(head: string): string {
  let first: object | null | undefined
  const roots = new JsonItems([ROOT], {
    onItem(text) {
      first ??= parseObject(text)
    },
    onRefused() {},
  })
  roots.push(head)
  const names = Object.keys(first ?? {})
  if (names.some((name) => recogniseField(name)?.field === 'time')) return ROOT
  return findItemPath(head, LISTS) ?? ROOT
}
