import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { STAGES, timeFunctions } from '../bench/stages.ts'
import { readFont } from '../src/io/font.ts'
import { generateLog } from '../src/logs/generate.ts'
import { renderPng } from '../src/picture/png.ts'
import { renderSvg } from '../src/picture/svg.ts'
import { renderBoard } from './bench/board.ts'
import { drawGrowth } from './bench/chart.ts'
import { COMPARED, compareStages } from './bench/figures.ts'
import { digits, formatMb, formatSeconds } from './bench/format.ts'
import { renderFlatJson } from './bench/logs.ts'
import { measureProcess } from './bench/measure.ts'
import {
  joinPart,
  type Measurement,
  parseResults,
  parseSelfReport,
  type Results,
  renderResults,
} from './bench/results.ts'
import { alternate, marginalCosts, median, unevenness } from './bench/statistics.ts'
import { judgeTargets } from './bench/targets.ts'

const ROOT = resolve(import.meta.dir, '..')

function createMeasurement(part: string, subject: string, wallSeconds: number, given: Partial<Measurement> = {}) {
  const runs = [{ wallSeconds, cpuSeconds: wallSeconds, peakMb: 100 * wallSeconds, stages: { read: wallSeconds / 2 } }]
  return { part, subject, rows: 50_000, form: 'csv', bytes: 5e6, runs, ...given }
}

function createResults(measurements: readonly Measurement[]): Results {
  return { machine: 'a machine', versions: { Bun: '1.2.3' }, measurements }
}

describe('statistics', () => {
  test('median', () => {
    expect(median([3, 1, 2])).toBe(2)
    expect(median([4, 1, 2, 10])).toBe(3)
    expect(median([])).toBeNaN()
    const given = [2, 1]
    median(given)
    expect(given).toEqual([2, 1])
  })

  test('subjects take turns, and another one begins each round', () => {
    expect(alternate(2, 3)).toEqual([0, 1, 1, 0, 0, 1])
    expect(alternate(3, 2)).toEqual([0, 1, 2, 1, 2, 0])
    for (const subjects of [1, 2, 3, 4]) {
      const order = alternate(subjects, 5)
      for (let subject = 0; subject < subjects; subject++) expect(order.filter((s) => s === subject)).toHaveLength(5)
    }
  })

  test('the cost of one more row has no part of what is paid once', () => {
    const points = [10, 30, 20].map((rows) => ({ rows, cost: 7 + 2 * rows }))
    expect(marginalCosts(points)).toEqual([2, 2])
    expect(unevenness([2, 2])).toBe(0)
    expect(unevenness([2, 3])).toBe(0.5)
    expect(unevenness([-1, 3])).toBeNaN()
    expect(unevenness([])).toBeNaN()
  })
})

describe('what a process says of itself', () => {
  test('stages and versions, among other lines', () => {
    const output = 'a note\n{"rows": 5, "stages": {"read": 0.25}, "versions": {"pandas": "3"}}\n'
    expect(parseSelfReport(output)).toEqual({ stages: { read: 0.25 }, versions: { pandas: '3' } })
  })

  test('fields that end in Seconds, by engine', () => {
    expect(parseSelfReport('{"rows":5,"fitSeconds":1,"scoreSeconds":2}').stages).toEqual({
      fit: 1,
      score: 2,
    })
    expect(parseSelfReport('{"engine":"a","fitSeconds":1}\n{"engine":"b","fitSeconds":2}').stages).toEqual({
      'a fit': 1,
      'b fit': 2,
    })
  })

  test('a stage a line, by case', () => {
    const output = '{"case":"big","stage":"all","seconds":3}\n{"case":"small","stage":"all","seconds":1}'
    expect(parseSelfReport(output).stages).toEqual({ 'big: all': 3, 'small: all': 1 })
  })

  test('nothing said is nothing known; half an object is an error', () => {
    expect(parseSelfReport('')).toEqual({ stages: {}, versions: {} })
    expect(() => parseSelfReport('{"stages": ')).toThrow(SyntaxError)
  })
})

describe('results', () => {
  const [a, b, other] = [
    createMeasurement('job', 'Bun', 1),
    createMeasurement('job', 'notebook', 2),
    createMeasurement('start', 'Bun', 3),
  ]

  test('a part that is measured again replaces all of its earlier figures', () => {
    const again = createMeasurement('job', 'Bun', 5)
    expect(joinPart([a, b, other], 'job', [again], false)).toEqual([other, again])
  })

  test('runs are added to those of the same subject, rows and form', () => {
    const more = createMeasurement('job', 'Bun', 5)
    const fresh = createMeasurement('job', 'Bun', 5, { rows: 1 })
    const joined = joinPart([a, b], 'job', [more, fresh], true)
    expect(joined.map(({ runs }) => runs.map(({ wallSeconds }) => wallSeconds))).toEqual([[1, 5], [2], [5]])
  })

  test('are read as they were written', () => {
    const results = createResults([a, b])
    expect(parseResults(renderResults(results))).toEqual(results)
    expect(() => parseResults('{}')).toThrow("must hold 'measurements'")
  })
})

describe('figures', () => {
  test.each([
    [
      'ours',
      {
        read: 1,
        features: 2,
        detect: 10,
        forest: 3,
        forecast: 4,
        prophet: 2,
        merge: 1,
        summarise: 1,
        charts: 2,
      },
    ],
    ['the notebook', { import: 2, read: 1, features: 2, forest: 3, forecast: 4, rules: 3, merge: 1, charts: 3 }],
  ])('the compared stages of %s add up to the total', (_, stages) => {
    const compared = compareStages({ wallSeconds: 21, cpuSeconds: 0, peakMb: 0, stages })
    const parts = COMPARED.filter((name) => name !== 'total').map((name) => compared[name])
    expect(parts.reduce((sum, seconds) => sum + seconds, 0)).toBeCloseTo(compared.total, 9)
    expect(compared).toMatchObject({ forest: 3, forecast: 4, judge: 4, charts: 3, total: 21 })
  })

  test('are printed with three digits', () => {
    expect([12.345, 0.012345, 1.2345e-5, 1.5e-8, Number.NaN].map(formatSeconds)).toEqual([
      '12.3 s',
      '12.3 ms',
      '12.3 µs',
      '15.0 ns',
      '–',
    ])
    expect([123.4, 1234].map(formatMb)).toEqual(['123 MB', '1.23 GB'])
    expect([0.333, 9.996, 99.96].map(digits)).toEqual(['0.33', '10.0', '100'])
  })
})

describe('the board', () => {
  test('tells the packages of npm apart', () => {
    const runs = (stages: Readonly<Record<string, number>>) => [{ wallSeconds: 9, cpuSeconds: 9, peakMb: 9, stages }]
    const forest = { rows: 50_000, form: '', bytes: 0 }
    const ours = runs({ 'api-anomaly (Bun) fit': 0.1, 'api-anomaly (Bun) score': 0.1 })
    const theirs = runs({ 'ml-isolation-forest fit': 3, 'ml-isolation-forest score': 5, 'isolation-forest fit': 99 })
    const results = createResults([
      createMeasurement('forest', 'Bun', 9, { ...forest, runs: ours }),
      createMeasurement('forest', 'npm packages', 9, { ...forest, runs: theirs }),
    ])
    expect(judgeTargets(results).find(({ what }) => what.includes('ml-'))?.bun).toEqual({ text: '40.0 ×', isMet: true })
    expect(renderBoard(results, null)).toContain('| `isolation-forest` (npm) | 50,000 | 99.0 s | – | 99.0 s |')
  })

  const job = [createMeasurement('job', 'Bun', 1), createMeasurement('job', 'notebook', 5)]
  const growth = [1, 2, 5, 10].map((millions) =>
    createMeasurement('growth', 'Bun', 3 + 4 * millions, { rows: millions * 1e6 }),
  )

  test('holds our figures against the aims', () => {
    const outcome = (results: Results, what: string) => judgeTargets(results).find((one) => one.what.startsWith(what))
    const time = 'Whole job, 50,000 rows with charts: time'
    expect(outcome(createResults(job), time)).toMatchObject({ bun: { text: '× 0.20', isMet: true }, node: null })
    const slow = createResults([createMeasurement('job', 'Bun', 2), job[1]])
    expect(outcome(slow, time)?.bun).toEqual({ text: '× 0.40', isMet: false })
    expect(outcome(createResults([job[0]]), time)?.bun).toBeNull()
    expect(outcome(createResults(growth), 'Marginal')?.bun).toEqual({ text: '0.00 %', isMet: true })
    const bent = createResults([...growth.slice(0, 3), createMeasurement('growth', 'Bun', 80, { rows: 1e7 })])
    expect(outcome(bent, 'Marginal')?.bun?.isMet).toBe(false)
  })

  test('shows what was measured, what falls short, and that the peers are missing', () => {
    const met = renderBoard(createResults(job), null)
    expect(met).toContain('| **total** | 1.00 s | 5.00 s | × 0.20 |')
    expect(met).not.toContain('## What falls short')
    expect(met).not.toContain('without the peers')
    const missed = renderBoard(createResults([createMeasurement('job', 'Bun', 2), job[1]]), null)
    expect(missed).toContain('**× 0.40**')
    expect(missed).toContain('## What falls short, and why')
    expect(renderBoard(createResults([job[0]]), null)).toContain('without the peers')
    expect(renderBoard(createResults([]), null)).not.toContain('NaN')
  })

  test('has a chart when growth was measured', () => {
    expect(drawGrowth(createResults(job))).toBeNull()
    const chart = drawGrowth(createResults(growth))
    expect(chart && renderSvg(chart)).toContain('Million rows')
    expect(renderBoard(createResults(growth), 'x.png')).toContain('](x.png)')
  })

  test('in docs/ is what the kept results give', async () => {
    const kept = join(ROOT, 'bench/results.json')
    const board = join(ROOT, 'docs/PERFORMANCE.md')
    expect(existsSync(kept)).toBe(existsSync(board))
    const results = parseResults(readFileSync(kept, 'utf8'))
    const chart = drawGrowth(results)
    const text = readFileSync(board, 'utf8')
    // When this fails: `bun scripts/bench.ts --from bench/results.json --board docs/PERFORMANCE.md`
    expect(renderBoard(results, chart === null ? null : 'performance.png')).toBe(text)
    if (chart !== null) {
      expect(readFileSync(join(ROOT, 'docs/performance.svg'), 'utf8')).toBe(renderSvg(chart))
      const png = new Uint8Array(readFileSync(join(ROOT, 'docs/performance.png')))
      expect(Buffer.from(renderPng(chart, await readFont())).equals(png)).toBe(true)
    }
  })
})

describe('the instrument', () => {
  test.each(Object.entries(STAGES))('finds the functions of stage %s', (stage, { file, functions }) => {
    const changed = timeFunctions(readFileSync(join(ROOT, file), 'utf8'), stage, functions)
    for (const name of functions) expect(changed).toContain(`export const ${name} = timed('${stage}', untimed_${name})`)
  })

  test('says which function is gone', () => {
    expect(() => timeFunctions('function read() {}', 'read', ['read'])).toThrow("exported function 'read'")
  })

  test('writes the columns of the CSV as an object a line', () => {
    const { records } = generateLog({ rows: 50, days: 1, seed: 1, clean: true })
    const lines = renderFlatJson(records).trimEnd().split('\n')
    expect(lines).toHaveLength(50)
    for (const [row, line] of lines.entries()) {
      const { timestamp, status_code } = JSON.parse(line)
      expect(Date.parse(timestamp)).toBe(records.time[row])
      expect(status_code).toBe(records.status[row])
    }
  })

  test('measures a process, not its parent', async () => {
    const script = `const kept = new Uint8Array(200e6).fill(1); await Bun.sleep(60); console.log('{"stages":{"x":' + kept[0] + '}}')`
    const { run } = await measureProcess(['bun', '-e', script], ROOT)
    expect(run.stages).toEqual({ x: 1 })
    expect(run.wallSeconds).toBeGreaterThan(0.06)
    if (process.platform === 'linux') expect(run.peakMb).toBeGreaterThan(200)
    const held = new Uint8Array(500e6).fill(1)
    const small = await measureProcess(['sleep', '0.05'], ROOT)
    expect(held.length).toBe(500e6)
    if (process.platform === 'linux') expect(small.run.peakMb).toBeLessThan(100)
  })

  test('lets no figure of a failed process pass', () => {
    expect(measureProcess(['bun', '-e', 'console.error("why"); process.exit(3)'], ROOT)).rejects.toThrow(
      /exit 3\n.*why/,
    )
  })
})
