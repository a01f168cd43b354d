import { expect, test } from 'bun:test'
import type { EndpointFacts, FieldFacts } from '../types.ts'
import { listContractChanges } from './contracts.ts'

type Types = FieldFacts['types']
const facts = (fields: Readonly<Record<string, Types>>, more: Partial<EndpointFacts> = {}): EndpointFacts => ({
  endpoint: 'GET /orders',
  version: '',
  requests: 1_000,
  statuses: { 200: 1_000 },
  latency: { first: 0, counts: [] },
  sizes: { first: 0, counts: [] },
  contents: { 'json object': 1_000 },
  bodies: 1_000,
  fields: Object.entries(fields).map(([name, types]) => ({ name, types, empty: 0 })),
  ...more,
})
const texts = (old: EndpointFacts, own: EndpointFacts) =>
  listContractChanges(old, [old], own, [own]).map(({ kind, text }) => `${kind}: ${text}`)
const contents = (counts: Readonly<Record<string, number>>) => facts({}, { contents: counts, bodies: 0 })
const SOME: Types = { number: 500 }
const ALL: Types = { number: 1_000 }

test.each<[string, EndpointFacts, EndpointFacts, string[]]>([
  ['nothing', facts({ id: ALL }), facts({ id: ALL }), []],
  [
    'a field that is gone',
    facts({ id: ALL, total: ALL }),
    facts({ id: ALL, total: { number: 40 } }),
    ['fields: field `total` is gone (in all of 1,000 answers before, in 40 of 1,000 now)'],
  ],
  [
    'one that nearly all had',
    facts({ total: { number: 950 } }),
    facts({}),
    ['fields: field `total` is gone (in 950 of 1,000 answers before, in hardly any of 1,000 now)'],
  ],
  [
    'fields that are gone',
    facts(Object.fromEntries('gfedcba'.split('').map((name) => [name, ALL]))),
    facts({}),
    ['fields: fields `a`, `b`, `c`, `d`, `e` and 2 more are gone (1,000 answers)'],
  ],
  ['a new field', facts({}), facts({ currency: ALL }), ['fields: new field `currency`']],
  ['new fields', facts({}), facts({ b: ALL, a: ALL }), ['fields: new fields `a`, `b`']],
  ['fields of half of the answers', facts({ a: SOME, b: ALL, d: SOME }), facts({ b: SOME, c: SOME, d: ALL }), []],
  [
    'another type',
    facts({ id: ALL }),
    facts({ id: { string: 990, number: 10 } }),
    ['fields: field `id` is a string, was a number'],
  ],
  ['two types', facts({ id: ALL }), facts({ id: { string: 500, number: 500 } }), []],
  ['types that JSON does not have', facts({ id: { '<b>': 1_000 } }), facts({ id: { '<i>': 1_000 } }), []],
  ['few answers', facts({ id: ALL }), facts({}, { bodies: 19 }), []],
  [
    'pages',
    contents({ 'json object': 900, json: 90, html: 10 }),
    contents({ html: 50 }),
    ['content: JSON before, HTML now'],
  ],
  [
    'a list',
    contents({ 'json object': 100 }),
    contents({ 'json array': 100 }),
    ['content: an object before, a list now'],
  ],
  [
    'a list that is empty',
    contents({ 'json array': 100 }),
    contents({ 'empty json array': 100 }),
    ['content: a list before, an empty list now'],
  ],
  ['bodies that are no longer logged', contents({ 'json object': 100 }), contents({ json: 100 }), []],
])('%s', (_, old, own, expected) => {
  expect(texts(old, own)).toEqual(expected)
})

test('an array that is always empty', () => {
  const array = (empty: number) => facts({}, { fields: [{ name: 'items', types: { array: 1_000 }, empty }] })
  expect(texts(array(20), array(980))).toEqual(['fields: array `items` is empty in 98 % of answers, was in 2 %'])
  expect(texts(array(980), array(20))).toEqual(['fields: array `items` is empty in 2 % of answers, was in 98 %'])
  expect(texts(array(20), array(400))).toEqual([])
})

test('a version is held against itself, and a new one against all', () => {
  const old = [facts({ id: ALL, total: ALL }, { version: '1' }), facts({ id: ALL }, { version: '2' })]
  const both = facts({ id: { number: 2_000 }, total: { number: 1_900 } }, { bodies: 2_000 })
  const own = [...old, facts({ id: ALL }, { version: '3' })]
  const now = facts({ id: { number: 3_000 }, total: ALL }, { bodies: 3_000 })
  expect(listContractChanges(both, old, now, own).map(({ text }) => text)).toEqual([
    'in version `3`: field `total` is gone (in 1,900 of 2,000 answers before, in hardly any of 1,000 now)',
  ])
})

test('what is told of all versions is not told of each', () => {
  const versions = (fields: Readonly<Record<string, Types>>) => ['1', '2'].map((version) => facts(fields, { version }))
  const changes = listContractChanges(facts({ a: ALL }), versions({ a: ALL }), facts({ b: ALL }), versions({ b: ALL }))
  expect(changes.map(({ text }) => text)).toHaveLength(2)
})
