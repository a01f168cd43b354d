import { describe, expect, test } from 'bun:test'
import { InputError } from '../logs/input-error.ts'
import { renderIncidents } from '../report/json.ts'
import { hostileReport } from '../report/sample-hostile.ts'
import {
  cleanComparedReport,
  cleanReport,
  comparedReport,
  sampleReport,
  unknownReport,
} from '../report/sample-report.ts'
import { parseIncidents } from './parse-incidents.ts'

const OPTIONAL = new Set(['status', 'before', 'comparison'])
const NOW = Date.UTC(2026, 2, 15, 2, 30)

describe('parseIncidents', () => {
  test.each([
    ['an ordinary report', sampleReport()],
    ['a clean one', cleanReport()],
    ['one of unknowns', unknownReport()],
    ['a hostile one', hostileReport()],
    ['one with a baseline', comparedReport()],
    ['a clean one with a log as the baseline', cleanComparedReport()],
  ])('gives back what was written of %s', (_, report) => {
    const text = renderIncidents(report)
    expect(renderIncidents(parseIncidents(text, NOW))).toBe(text)
  })

  test('refuses every part that is left out or of another kind', () => {
    const document = JSON.parse(renderIncidents(comparedReport()))
    const { comparison } = document
    const targets: readonly (readonly [name: string, part: Record<string, unknown>])[] = [
      ['document', document],
      ['input', document.input],
      ['tests', document.tests],
      ['incident', document.incidents[0]],
      ['contributor', document.incidents[0].contributors[0]],
      ['sample', document.incidents[0].samples[0]],
      ['comparison', comparison],
      ['source', comparison.source],
      ['fixed', comparison.fixed[0]],
      ['now', comparison.fixed[0].now],
      ['appeared', comparison.appeared[0]],
      ['changed', comparison.changed[0]],
      ['latency', comparison.latency[0]],
    ]
    let tried = 0
    for (const [, part] of targets) {
      for (const [key, value] of Object.entries(part)) {
        for (const wrong of [undefined, { a: 1 }, true, [[]]]) {
          if (typeof wrong === 'object' && !Array.isArray(wrong) && key === 'scope') continue
          if (wrong === undefined && OPTIONAL.has(key)) continue
          // Nobody relies on these: they follow from the rest.
          if (key === 'counts') continue
          part[key] = wrong
          expect(() => parseIncidents(JSON.stringify(document), NOW)).toThrow(InputError)
          tried++
        }
        part[key] = value
      }
    }
    expect(tried).toBeGreaterThan(300)
    expect(parseIncidents(JSON.stringify(document), NOW).incidents.length).toBe(document.incidents.length)
  })

  test('looks at nothing that it does not know', () => {
    const document = JSON.parse(renderIncidents(sampleReport()))
    document.pullRequest = 5
    document.incidents[0].status = 'new'
    expect(parseIncidents(JSON.stringify(document), NOW)).not.toHaveProperty('pullRequest')
  })

  test('the age of the baseline follows from its time, and who compared has a status for each', () => {
    const document = JSON.parse(renderIncidents(comparedReport()))
    delete document.incidents[1].status
    const { comparison, incidents, state } = parseIncidents(JSON.stringify(document), NOW)
    expect(comparison?.ageMs).toBe(2.5 * 3_600_000)
    expect(incidents.map(({ status }) => status).slice(0, 3)).toEqual(['new', 'new', 'worse'])
    expect(state).toBeNull()
    document.comparison.source.time = null
    expect(parseIncidents(JSON.stringify(document), NOW).comparison?.ageMs).toBeNaN()
    delete document.comparison
    expect(parseIncidents(JSON.stringify(document), NOW).incidents[0]).toMatchObject({ status: null })
  })

  test('lists longer than anybody writes are refused', () => {
    const document = JSON.parse(renderIncidents(comparedReport()))
    document.comparison.latency = Array(20_001).fill(document.comparison.latency[0])
    expect(() => parseIncidents(JSON.stringify(document), NOW)).toThrow('must NOT have more than 20000 items')
  })
})
