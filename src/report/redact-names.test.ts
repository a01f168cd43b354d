import { expect, test } from 'bun:test'
import { readLogs } from '../logs/read.ts'
import { run } from '../run.ts'
import { parseShape, renderObjectShape } from '../shapes.ts'
import { renderState } from '../state/render.ts'
import type { State } from '../types.ts'
import { maskNames, maskState } from './redact-names.ts'
import { redactReport } from './redact-report.ts'

const START = Date.UTC(2026, 2, 1)

/** A request every four seconds; mails to persons fail in the hour that is given. */
async function logsOf(failing: number) {
  const rows = Array.from({ length: 12 * 900 }, (_, i) => {
    const person = ['bob', 'amy'][i % 7] ?? ''
    const path = person === '' ? '/orders' : `mail to ${person}@example.com`
    const status = person !== '' && Math.floor(i / 900) === failing && i % 3 === 0 ? 500 : 200
    const time = new Date(START + i * 4_000).toISOString()
    return `${time},${status},${20 + (i % 9)},${path},1.4.${i % 2},10.0.0.${i % 3}`
  })
  const text = `timestamp,status,duration_ms,path,version,region\n${rows.join('\n')}\n`
  const bytes = new TextEncoder().encode(text)
  return readLogs([
    {
      name: 'a.csv',
      async *open() {
        yield bytes
      },
    },
  ])
}

const PRIVATE = /bob|amy|10\.0\.0\.\d/
/** What a written state would tell of persons and machines. */
const namesIn = (state: State) => renderState(state).match(new RegExp(PRIVATE, 'g')) ?? []

test('names that read the same once masked are one name, and that is noted', async () => {
  const logs = await logsOf(99)
  const { table, notes } = maskNames(logs)
  expect(table.dimensions.endpoint.values.toSorted()).toEqual(['', '/orders', 'mail to [email]'])
  expect(table.dimensions.region.values).toEqual(['', '[ip]'])
  expect(table.dimensions.version).toBe(logs.table.dimensions.version)
  const { codes, values } = table.dimensions.endpoint
  const before = logs.table.dimensions.endpoint
  for (const row of [0, 1, 2, 100, 10_799]) {
    expect(values[codes[row]]).toBe(before.values[before.codes[row]].replace(/\w+@example\.com/, '[email]'))
  }
  expect(notes.filter((note) => note.includes('once they are masked'))).toEqual([
    "2 names of the column 'endpoint' cannot be told apart once they are masked, and are judged together; 'redact: off' tells them apart.",
    "3 names of the column 'region' cannot be told apart once they are masked, and are judged together; 'redact: off' tells them apart.",
  ])
  expect(maskNames(maskNames(logs)).table).toEqual(table)
})

test('the state that is left names nobody, and the next run knows its incidents by it', async () => {
  const first = redactReport(await run(maskNames(await logsOf(6))))
  expect(first.state === null ? [] : namesIn(first.state)).toEqual([])
  const failing = ({ scope }: { scope: { endpoint?: string } }) => scope.endpoint === 'mail to [email]'
  expect(first.state?.incidents.some(failing)).toBe(true)

  const second = await run(maskNames(await logsOf(6)), { baseline: first.state })
  expect(second.incidents.filter(failing).map(({ status }) => status)).toContain('known')
  expect(second.incidents.filter(({ status, severity }) => status !== 'known' && severity !== 'low')).toEqual([])
  expect(second.comparison).toMatchObject({ fixed: [], appeared: [], vanished: [] })
})

test('a state with plain names becomes one with masked names, all of them', async () => {
  const report = await run(await logsOf(6))
  const { state } = report
  if (state === null) throw new Error('a run leaves a state')
  const fields = [{ name: 'bob@example.com', types: { string: 5 }, empty: 0 }]
  const endpoints = state.baseline.endpoints.map((facts) => ({ ...facts, fields }))
  const plain = { ...state, baseline: { ...state.baseline, endpoints } }
  const masked = maskState(plain)
  expect(redactReport({ ...report, state: plain }).state).toEqual(masked)
  const { cells, usual } = masked.baseline
  expect(namesIn(plain).length).toBeGreaterThan(0)
  expect(namesIn(masked)).toEqual([])
  expect(cells.rows).toBe(state.baseline.cells.rows)
  const timed = [...state.baseline.usual].flatMap(([name, cell]) => (/^mail.*com$/.test(name) ? [cell.timed] : []))
  expect(usual.get('mail to [email]')?.timed).toBe(Math.max(...timed))
  expect(maskState(masked)).toEqual(masked)
})

test('fields of bodies that are named by persons are masked where logs are read', async () => {
  const shape = renderObjectShape([
    { name: 'bob@example.com', type: 'number', isEmpty: false },
    { name: 'total', type: 'array', isEmpty: true },
  ])
  const logs = await logsOf(99)
  const named = {
    ...logs,
    table: { ...logs.table, shape: { codes: logs.table.shape.codes, values: ['', shape, 'html'] } },
  }
  const { values } = maskNames(named).table.shape
  expect([...parseShape(values[1])!.fields.keys()]).toEqual(['[email]', 'total'])
  expect([values[0], values[2]]).toEqual(['', 'html'])
})
