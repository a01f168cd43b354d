import { describe, expect, test } from 'bun:test'
import { InputError } from '../logs/input-error.ts'
import { renderIncidents } from '../report/json.ts'
import { cleanReport, hostileReport, sampleReport, unknownReport } from '../report/sample-report.ts'
import { parseIncidents } from './parse-incidents.ts'

describe('parseIncidents', () => {
  test.each([
    ['an ordinary report', sampleReport()],
    ['a clean one', cleanReport()],
    ['one of unknowns', unknownReport()],
    ['a hostile one', hostileReport()],
  ])('gives back what was written of %s', (_, report) => {
    const text = renderIncidents(report)
    expect(renderIncidents(parseIncidents(text))).toBe(text)
  })

  test('refuses every part that is left out or of another kind', () => {
    const document = JSON.parse(renderIncidents(sampleReport()))
    const targets: readonly (readonly [name: string, part: Record<string, unknown>])[] = [
      ['document', document],
      ['input', document.input],
      ['tests', document.tests],
      ['incident', document.incidents[0]],
      ['contributor', document.incidents[0].contributors[0]],
      ['sample', document.incidents[0].samples[0]],
    ]
    let tried = 0
    for (const [, part] of targets) {
      for (const [key, value] of Object.entries(part)) {
        for (const wrong of [undefined, { a: 1 }, true, [[]]]) {
          if (typeof wrong === 'object' && !Array.isArray(wrong) && key === 'scope') continue
          part[key] = wrong
          expect(() => parseIncidents(JSON.stringify(document))).toThrow(InputError)
          tried++
        }
        part[key] = value
      }
    }
    expect(tried).toBeGreaterThan(150)
    expect(parseIncidents(JSON.stringify(document)).incidents.length).toBe(document.incidents.length)
  })

  test('looks at nothing that it does not know', () => {
    const document = JSON.parse(renderIncidents(sampleReport()))
    document.pullRequest = 5
    document.incidents[0].status = 'new'
    expect(parseIncidents(JSON.stringify(document))).not.toHaveProperty('pullRequest')
  })
})
