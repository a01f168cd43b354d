import { expect, test } from 'bun:test'
import type { EndpointFacts, FieldFacts } from '../types.ts'
import { readFields, writeFields } from './fields.ts'

const FACTS: EndpointFacts = {
  endpoint: 'GET /orders',
  version: '',
  requests: 9,
  statuses: {},
  latency: { first: 0, counts: [] },
  sizes: { first: 0, counts: [] },
  contents: {},
  bodies: 9,
  fields: [],
}

test('fields come back as they were, whatever they are called', () => {
  const fields: FieldFacts[] = [
    { name: 'total', types: { null: 1, number: 8 }, empty: 0 },
    { name: 'items', types: { array: 9 }, empty: 3 },
    { name: '__proto__', types: { string: 2 }, empty: 0 },
    { name: '', types: { array: 4, object: 5 }, empty: 0 },
  ]
  const endpoints = [{ ...FACTS, fields }, FACTS, { ...FACTS, fields: fields.slice(1) }]
  const written = JSON.parse(JSON.stringify(writeFields(endpoints)))
  expect(readFields(written, 3)).toEqual(endpoints.map((facts) => [...facts.fields]))
})
