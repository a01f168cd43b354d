import { expect, test } from 'bun:test'
import type { Comparison, Report } from '../types.ts'
import { renderSummary } from './markdown.ts'
import { cleanComparison, sampleComparison } from './sample-comparison.ts'
import { sampleIncident } from './sample-incidents.ts'
import { cleanComparedReport, comparedReport, knownReport, sampleReport } from './sample-report.ts'

const HOUR_MS = 3_600_000

function against(changes: Partial<Comparison>, report: Report = comparedReport()): string {
  return renderSummary({ ...report, comparison: { ...sampleComparison(), ...changes } })
}

/** The lines that open folds, in the order of the text. */
function folds(markdown: string): string[] {
  return markdown.match(/(?<=^<summary>)(?!🔴|🟠|🟡).*(?=<\/summary>$)/gmu) ?? []
}

test('the headline counts what is above low, against what, and how old that is', () => {
  const first = (markdown: string) => markdown.split('\n')[0]
  expect(first(against({}))).toBe(
    '## API anomalies: 2 new, 1 worse, 3 known, 1 fixed against `main` at `abc1234` (2 h ago)',
  )
  expect(first(against({ ageMs: Number.NaN, fixed: [] }))).toEndWith('3 known against `main` at `abc1234`')
  expect(first(against({ ageMs: 49 * HOUR_MS }))).toEndWith(' (2 days ago)')
  const { source } = sampleComparison()
  expect(first(against({ source: { ...source, commit: '' } }))).toEndWith('against `main` (2 h ago)')
  expect(first(against({ source: { ...source, branch: '' } }))).toEndWith('against commit `abc1234` (2 h ago)')
  expect(first(against({ source: { ...source, branch: '', commit: '' } }))).toEndWith(
    'against `main.csv` (48,210 rows) (2 h ago)',
  )
  expect(against({})).toContain('\nNew or worse: 1 critical, 2 high.\n')
})

test('nothing new is a clean headline, whatever is known', () => {
  expect(renderSummary(knownReport())).toStartWith(
    '## ✅ No new API anomalies against `main` at `abc1234` (2 h ago)\n\n3 known, 1 fixed; 21,840 tests judged',
  )
  const clean = renderSummary(cleanComparedReport())
  expect(clean).toStartWith('## ✅ No new API anomalies against `main.csv` (48,210 rows)\n\nNothing unusual: ')
  expect(folds(clean).filter((title) => !/numbers|Latency/.test(title))).toEqual([])
})

test('new and worse ones stand in the table, known ones in a fold, facts and the snippet last', () => {
  const summary = renderSummary(comparedReport())
  expect(folds(summary)).toEqual([
    '3 known, as on <code>main</code>',
    '1 incident of the baseline: not found here, but not surely gone',
    'The same in numbers',
    'Facts, no alarms: 2 endpoints appeared, 1 endpoint vanished, 2 endpoints answer otherwise',
    'Latency by endpoint: 2 of 6 medians clearly changed',
    'Watch list: 1 weak sign, not counted as found',
    'Seen and accepted? Paste into <code>.github/api-anomaly.yml</code>',
  ])
  const [table, fold] = summary.split('3 known, as on')
  expect(table.match(/\| \*\*(?:new\*\*|worse\*\* \(5.9 % before\)) \|/g)?.length).toBe(3)
  expect(table).not.toContain('Traffic drop')
  expect(fold).toContain('| 🔴 critical | Traffic drop |')
  expect(table).toContain(
    '- 🟠 Error spike in `GET /orders/{id} · version 2.13.1`: 23.4 % bad before, 3 of 1,190 bad now\n',
  )
  expect(summary).not.toContain('legacy · ')
})

test('what is gone is told in the words of its kind', () => {
  const [, drop, , slow] = sampleReport().incidents
  const region = { region: 'eu' }
  const share = { ...drop, scope: region, unit: 'share', actual: 0.16, expected: 0.497, effect: -0.82 } as const
  const fixed = [
    { incident: drop, requests: 50_000, affected: Number.NaN },
    { incident: share, requests: 8_423, affected: Number.NaN },
    { incident: slow, requests: 3_559, affected: 378 },
    { incident: { ...slow, scope: region, unit: 'share', actual: 0.658 } as const, requests: 100, affected: 11 },
  ]
  expect(against({ fixed }).match(/(?<=^- (?:🔴|🟠|🟡) .*: ).*(?= now$)/gmu)).toEqual([
    '61 vs 688 requests (−91 %) before, not seen in 50,000 requests',
    '16 % vs 49.7 % (−82 %) before, not seen in 8,423 requests',
    '812 ms vs 190 ms (×4.3) before, 378 of 3,559 slow',
    '65.8 % slow before, 11 of 100 slow',
    // The one that cannot be told.
    '23.4 % bad before, 0 of 3 bad',
  ])
})

test('long lists are cut and counted, latency shows clear changes first', () => {
  const moved = Array.from({ length: 25 }, (_, i) => ({ endpoint: `GET /e${i}`, requests: 1 }))
  const [change] = sampleComparison().latency
  const unclear = Array.from({ length: 25 }, (_, i) => ({
    ...change,
    endpoint: `GET /l${i}`,
    ratio: 1.02,
    lower: 0.93,
    upper: 1.12,
  }))
  const fixed = sampleComparison().fixed.flatMap((gone) => Array(23).fill(gone))
  const summary = against({ appeared: moved, fixed, latency: [...unclear, { ...change, endpoint: 'GET /clear' }] })
  expect(summary).toContain('Facts, no alarms: 25 endpoints appeared')
  expect(summary).toContain('- `GET /e19` (1 request)\n- … and 5 more\n')
  expect(summary).not.toContain('GET /e20')
  expect(summary).toContain('23 fixed against')
  expect(summary).toContain('- … and 3 more\n\n<details>')
  expect(summary).toContain('1 of 26 medians clearly changed')
  expect(summary).toContain('Requests now |\n|---|--:|--:|---|--:|--:|\n| `GET /clear` |')
  expect(summary).toContain('… and 6 more endpoints in `incidents.json`.')
})

test('of latency those come first that moved beyond chance, in bold what hardly any endpoint does by it', () => {
  const rows = renderSummary(comparedReport()).match(/^\| `.*?` \| [\d.]+ m?s \|.*$/gm) ?? []
  expect(
    rows.map((row) =>
      row
        .split(' | ')
        .filter((_, cell) => cell === 0 || cell === 3)
        .join(' | '),
    ),
  ).toEqual([
    '| `POST /checkout` | **×3.22** (×2.95 to ×3.52)',
    '| `GET /search` | **×0.7** (×0.65 to ×0.75)',
    '| `POST /refunds` | ×1.21 (×1.01 to ×1.44)',
    '| `GET /reports/{id}` | ×1.56 (×0.71 to ×3.42)',
    '| `GET /orders/{id}` | ×1.03 (×1.01 to ×1.05)',
    '| `POST /login` | ×0.99 (×0.95 to ×1.03)',
  ])
})

test('no change is no section', () => {
  const summary = renderSummary({ ...comparedReport(), comparison: { ...cleanComparison(), latency: [] } })
  expect(summary).not.toMatch(/Facts|Fixed|Latency by endpoint|surely/)
})

test('whatever there is to tell fits the budget, folds closed, the news kept longest', () => {
  const known = sampleIncident({ status: 'known' })
  const report = {
    ...comparedReport(),
    incidents: [sampleIncident({ status: 'new' }), ...Array.from({ length: 2_000 }, () => known)],
  }
  for (const maxCharacters of [65_000, 8_000, 3_000, 1_900]) {
    const summary = renderSummary(report, { maxCharacters })
    expect(summary.length).toBeLessThanOrEqual(maxCharacters)
    expect(summary.match(/^<details>$/gm)?.length ?? 0).toBe(summary.match(/^<\/details>$/gm)?.length ?? 0)
    expect(summary).toStartWith('## API anomalies: 1 new, 2,000 known, 1 fixed against')
    expect(summary).toContain('| 🔴 critical | **new** | Silent failure |')
    expect(summary).toContain('Left out to fit the size limit')
  }
})
