import { expect, test } from 'bun:test'
import { type Aim, renderShortfalls } from './shortfalls.ts'

const recall: Aim = { name: 'recall', aim: 0.95, kind: 'least', count: 19, of: 20 }
const alarms: Aim = { name: 'false incidents', aim: 3, kind: 'most', count: 3, of: 300 }

test('aims that are just met are not missed, nor are those of which nothing is known', () => {
  expect(renderShortfalls([recall, alarms, { ...recall, count: 0, of: 0 }])).toEqual([
    'None of the aims above is missed.',
  ])
})

test('what is missed is told with its figure, its aim and why', () => {
  expect(
    renderShortfalls([
      { ...recall, count: 18, why: 'Too few days.' },
      { ...alarms, count: 4 },
    ]),
  ).toEqual([
    '- recall: 18 of 20, 0.900; at least 0.95 is the aim. Too few days.',
    '- false incidents: 4 in 300; at most 3 is the aim.',
  ])
})
