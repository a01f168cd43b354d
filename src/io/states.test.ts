import { describe, expect, test } from 'bun:test'
import { sourceOf } from '../logs/rows-fixture.ts'
import { testRun } from '../logs/test-run-fixture.ts'
import { run } from '../run.ts'
import { renderState } from '../state/render.ts'
import { readStates } from './states.ts'

const { state } = await run(testRun(1, undefined, 300))
const text = renderState(state!)
const OURS = ['incidents.json', 'master_anomalies.csv', 'anomaly-state.json']

describe('a state', () => {
  test('is told from logs, and what else its run wrote is left out beside it', async () => {
    const sources = [
      'report/master_anomalies.csv',
      'report/anomaly-state.json',
      'report/api.csv',
      'logs/incidents.json',
    ]
    const { states, logs } = await readStates(
      sources.map((name) => sourceOf(name, name.endsWith('state.json') ? text : 'x')),
      OURS,
    )
    expect(states).toEqual([state!])
    expect(logs.map(({ name }) => name)).toEqual(['report/api.csv', 'logs/incidents.json'])
  })

  test('that is cut is refused by its name', () => {
    expect(readStates([sourceOf('a/anomaly-state.json', text.slice(0, 5000))], OURS)).rejects.toThrow(
      'a/anomaly-state.json: is no state that this version can read: must be JSON',
    )
  })

  test('larger than any of ours is not read to its end', async () => {
    let chunks = 0
    const endless = {
      name: 'anomaly-state.json',
      async *open() {
        for (;;) {
          chunks++
          yield new Uint8Array(1 << 20)
        }
      },
    }
    expect(readStates([endless], OURS)).rejects.toThrow('a state may have at most 33554432 bytes')
    await readStates([endless], OURS).catch(() => {})
    expect(chunks).toBeLessThan(80)
  })
})
