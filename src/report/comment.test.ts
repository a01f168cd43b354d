import { describe, expect, test } from 'bun:test'
import { planComment, renderComment } from './comment.ts'
import { cleanComparedReport, cleanReport, comparedReport, knownReport, sampleReport } from './sample-report.ts'

const AUTHOR = 'github-actions[bot]'
const options = { identity: ['CI', 'test', '', ''], runId: 5, footer: 'run 5', startsWithIncidents: true }
const draft = renderComment(sampleReport(), options)
const clean = renderComment(cleanReport(), options)
const post = (id: number, body: string, author = AUTHOR) => ({ id, body, author })

describe('renderComment', () => {
  test('begins with a marker of workflow, job, leg and key, and never with another one', () => {
    const markers = [
      ['CI', 'test', '', ''],
      ['CI', 'test', 'eu', ''],
      ['CI', 'test', '', 'eu'],
      ['CI', 'load', '', ''],
      ['CItest', '', '', ''],
    ].map((identity) => renderComment(sampleReport(), { ...options, identity }).marker)
    expect(new Set(markers).size).toBe(markers.length)
    expect(draft.body).toStartWith(`${markers[0]}\n`)
  })

  test('is the same in the next run but for the footer', () => {
    const next = renderComment(sampleReport(), { ...options, runId: 6, footer: 'run 6' })
    expect(next.digest).toBe(draft.digest)
    expect(next.incidents).toBe(draft.incidents)
    expect(next.body).not.toBe(draft.body)
    expect(clean.digest).not.toBe(draft.digest)
  })

  test('says that what was reported is gone, unless clean runs are told too', () => {
    expect(clean.body).toContain('gone: resolved')
    expect(renderComment(cleanReport(), { ...options, startsWithIncidents: false }).body).not.toContain('gone')
    expect(draft.body).not.toContain('gone: resolved')
  })

  test('fits the limit, whatever there is to say', () => {
    const report = sampleReport()
    const incidents = Array.from({ length: 3_000 }, (_, i) => ({
      ...report.incidents[0],
      id: `I${i}`,
      fingerprint: `f${i}`,
    }))
    const { body, found } = renderComment({ ...report, incidents }, { ...options, footer: 'x'.repeat(3_000) })
    expect(found).toBe(3_000)
    expect(body.length).toBeLessThanOrEqual(65_536)
    expect(body).toEndWith(`${'x'.repeat(3_000)}\n`)
    expect(body).toContain('Left out to fit the size limit')
  })
})

describe('with a baseline', () => {
  const compared = renderComment(comparedReport(), options)
  const known = renderComment(knownReport(), options)
  const aged = (ageMs: number) => {
    const { comparison, ...report } = comparedReport()
    return renderComment(
      { ...report, comparison: comparison === null ? null : { ...comparison, ageMs } },
      { ...options, runId: 6 },
    )
  }

  test('that time has passed is no news, though it is told', () => {
    expect(compared.body).toContain('(2 h ago)')
    expect(aged(5 * 3_600_000).body).toContain('(5 h ago)')
    expect(aged(5 * 3_600_000).digest).toBe(compared.digest)
    expect(planComment([post(1, compared.body)], aged(5 * 3_600_000), 'alert', AUTHOR).action).toBe('keep')
  })

  test('what is known alone begins no comment, and is told in one that is there', () => {
    expect([compared.found, known.found]).toEqual([3, 0])
    expect(planComment([], compared, 'alert', AUTHOR).action).toBe('create')
    for (const mode of ['alert', 'changes'] as const) {
      expect(planComment([], known, mode, AUTHOR).action).toBe('none')
      expect(planComment([post(1, compared.body)], known, mode, AUTHOR).action).toBe('update')
    }
    expect(planComment([], known, 'always', AUTHOR).action).toBe('create')
  })

  test('an incident that main has caught up with is another set of incidents', () => {
    const report = comparedReport()
    const incidents = report.incidents.map((incident) => ({ ...incident, status: 'known' as const }))
    expect(renderComment({ ...report, incidents }, options).incidents).not.toBe(compared.incidents)
  })

  test('what an earlier run told is resolved only when it is gone', () => {
    expect(known.body).toContain('is gone, or the baseline has it too by now')
    expect(known.body).not.toContain('resolved')
    expect(renderComment(cleanComparedReport(), options).body).toContain('gone: resolved')
  })
})

describe('planComment', () => {
  test('creates one only when there is something to say', () => {
    const action = (of: typeof draft, mode: 'always' | 'alert' | 'changes') => planComment([], of, mode, AUTHOR).action
    expect([action(draft, 'alert'), action(draft, 'changes'), action(draft, 'always')]).toEqual([
      'create',
      'create',
      'create',
    ])
    expect([action(clean, 'alert'), action(clean, 'changes'), action(clean, 'always')]).toEqual([
      'none',
      'none',
      'create',
    ])
  })

  test('takes the oldest of ours, and nobody else’s', () => {
    const posted = [
      post(9, draft.body),
      post(2, draft.body, 'mallory'),
      post(4, draft.body),
      post(3, `> ${draft.body}`),
    ]
    expect(planComment(posted, draft, 'alert', AUTHOR)).toEqual({
      action: 'keep',
      current: posted[2],
      surplus: [posted[0]],
    })
    expect(planComment(posted, draft, 'alert', 'somebody').action).toBe('create')
  })

  test('updates what changed; with changes only when other incidents are there', () => {
    const report = sampleReport()
    const worse = renderComment({ ...report, notes: ['Another note.'] }, options)
    const other = renderComment({ ...report, incidents: report.incidents.slice(1) }, options)
    const posted = [post(1, draft.body)]
    const action = (of: typeof draft, mode: 'alert' | 'changes') => planComment(posted, of, mode, AUTHOR).action
    expect([action(worse, 'alert'), action(worse, 'changes')]).toEqual(['update', 'keep'])
    expect([action(other, 'alert'), action(other, 'changes')]).toEqual(['update', 'update'])
    expect(action(clean, 'changes')).toBe('update')
  })

  test('leaves what a later run wrote, and replaces what it cannot read', () => {
    const earlier = renderComment(cleanReport(), { ...options, runId: 4 })
    expect(planComment([post(1, draft.body)], earlier, 'alert', AUTHOR).action).toBe('keep')
    expect(planComment([post(1, `${draft.marker}\nedited by hand`)], earlier, 'alert', AUTHOR).action).toBe('update')
  })
})
