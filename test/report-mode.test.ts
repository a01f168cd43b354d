/** The half of the fork-safe pair that may write: it reads what a stranger's run left behind. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readArtifact } from './artifact-content.ts'
import { failingLog } from './logs.ts'
import { LoopbackGitHub } from './loopback-github.ts'
import { findForged } from './markdown-check.ts'
import { runStep } from './runner.ts'
import { makeZip } from './zip.ts'

const SPAWN_TIMEOUT_MS = 30_000
const RUN = 41
let github: LoopbackGitHub
beforeEach(() => {
  github = new LoopbackGitHub()
  github.runId = 50
})
afterEach(() => github.stop())

/** A document as an honest run writes it; made once. */
let honest: Promise<string> | undefined
function makeDocument(): Promise<string> {
  honest ??= (async () => {
    const other = new LoopbackGitHub()
    await runStep(other, { files: { 'a.csv': failingLog() }, inputs: { logs: 'a.csv', charts: 'false' } })
    const files = await readArtifact(other.artifacts[0].content)
    await other.stop()
    return files.get('incidents.json') ?? ''
  })()
  return honest
}

const event = (more: object = {}) => ({
  workflow_run: {
    id: RUN,
    event: 'pull_request',
    head_branch: 'feature',
    head_sha: 'abc',
    head_repository: { owner: { login: 'forker' } },
    ...more,
  },
})
const offer = (content: string, more: readonly { name: string; content: string }[] = []) =>
  github.addArtifact('api-anomalies', makeZip([{ name: 'incidents.json', content }, ...more]), { runId: RUN })
const report = (inputs: Readonly<Record<string, string>> = {}, given: object = event()) =>
  runStep(github, { inputs: { mode: 'report', ...inputs }, eventName: 'workflow_run', event: given })
const errorsOf = (result: { commands: readonly { name: string; data: string }[] }) =>
  result.commands.filter(({ name }) => name === 'error').map(({ data }) => data)

describe('mode report', () => {
  test(
    'comments on the pull request whose head is what the run ran on, and on no other',
    async () => {
      github.pulls.push(
        { number: 3, head: 'forker:feature', sha: 'older' },
        { number: 4, head: 'forker:feature', sha: 'abc' },
        { number: 5, head: 'other:feature', sha: 'abc' },
      )
      offer(await makeDocument(), [
        { name: 'pull-request.txt', content: '5' },
        { name: '.github/api-anomaly.yml', content: 'nonsense: [' },
      ])
      const result = await report()
      expect(result).toMatchObject({ exitCode: 0, outputs: { incidents: '1', rows: '7200', 'report-directory': '' } })
      expect(github.comments.map(({ issue }) => issue)).toEqual([4])
      expect(github.comments[0].body).toContain('Error spike')
      expect(github.comments[0].body).toContain(`/actions/runs/${RUN}`)
      expect(result.summary).toContain('Error spike')
      expect(github.count('GET', new RegExp(`runs/${RUN}/artifacts$`))).toBe(1)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'tells how the run stands against its baseline, in words of its own',
    async () => {
      github.pulls.push({ number: 4, head: 'forker:feature', sha: 'abc' })
      const time = new Date(Date.now() - 2.5 * 3_600_000).toISOString()
      const { incidents, ...document } = JSON.parse(await makeDocument())
      const source = { name: 'a.csv', branch: '@octocat', commit: '#12', runId: 7, time }
      const appeared = [{ endpoint: '</details>[x](https://evil.example)', requests: 4 }]
      const none = { fixed: [], untold: [], vanished: [], changed: [], latency: [] }
      // Counts are not believed.
      const comparison = { source, counts: { new: 0, worse: 0, known: 99, fixed: 0 }, appeared, ...none }
      offer(JSON.stringify({ ...document, incidents: [{ ...incidents[0], status: 'worse' }], comparison }))
      expect((await report()).exitCode).toBe(0)
      const [{ body }] = github.comments
      expect(body).toContain('\n## API anomalies: 1 worse against `@octocat` at `#12` (2 h ago)\n')
      expect(body).toContain('1 endpoint appeared')
      expect(findForged(body, ['https://github.com/octo/shop/actions/runs/'])).toEqual({
        links: [],
        tags: [],
        references: [],
      })
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'without such a pull request, or for a push: a summary, no comment',
    async () => {
      github.pulls.push({ number: 3, head: 'forker:feature', sha: 'older' })
      offer(await makeDocument())
      const stale = await report()
      expect(stale.exitCode).toBe(0)
      expect(stale.summary).toContain('No open pull request has the commit')
      expect(await report({}, event({ event: 'push' }))).toMatchObject({ exitCode: 0, outputs: { 'comment-url': '' } })
      expect(github.comments).toEqual([])
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'gates like the run itself',
    async () => {
      offer(await makeDocument())
      expect(await report({ 'fail-on': 'medium' })).toMatchObject({ exitCode: 1 })
    },
    SPAWN_TIMEOUT_MS,
  )

  test.each([
    ['no JSON', () => '{', 'must be JSON'],
    [
      'another schema',
      (good: string) => good.replace('incidents@1', 'incidents@2'),
      "'/schema' must be equal to constant",
    ],
    [
      'a wrong kind',
      (good: string) => good.replace(/"support": \d+/, '"support": "many"'),
      "'/incidents/0/support' must be number,null",
    ],
    [
      'a strange severity',
      (good: string) => good.replace(/"severity": "\w+"/, '"severity": "<b>"'),
      "'/incidents/0/severity' must be equal to one of",
    ],
    [
      'a strange dimension',
      (good: string) => good.replace('"service": "', '"@octocat": "'),
      'must NOT have additional properties',
    ],
    ['a missing part', (good: string) => good.replace('"tests"', '"test"'), "must have required property 'tests'"],
    [
      'a huge text',
      (good: string) => good.replace(/"explanation": "/, `"explanation": "${'x'.repeat(30_000)}`),
      'must NOT have more than 20000 characters',
    ],
  ])(
    'refuses %s',
    async (_, change, message) => {
      offer(change(await makeDocument()))
      const result = await report()
      expect(result.exitCode).toBe(2)
      expect(errorsOf(result).join()).toContain(message)
      expect(github.comments).toEqual([])
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'refuses an artifact that is larger than any report',
    async () => {
      const noise = Uint8Array.from({ length: 33 * 1024 * 1024 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24)
      github.addArtifact('api-anomalies', makeZip([{ name: 'incidents.json', content: noise }]), { runId: RUN })
      expect(errorsOf(await report()).join()).toContain('may have at most 33554432 bytes')
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'escapes anew what the document says',
    async () => {
      github.pulls.push({ number: 4, head: 'forker:feature', sha: 'abc' })
      const hostile = JSON.parse(await makeDocument())
      hostile.notes.push('@octocat [x](https://evil.example) <img src=x>\n::error::pwned')
      hostile.input.formats.push('<b>@octocat</b>')
      for (const incident of hostile.incidents) {
        incident.explanation = '##[error]pwned @octocat #1 [x](https://evil.example) mail me@example.com'
        incident.scope.service = '\r\n::error::pwned `| @octocat'
        incident.samples = [{ source: '</details><script>', text: 'token=ghp_0123456789abcdef0123456789abcdef0123' }]
      }
      offer(JSON.stringify(hostile))
      const result = await report()
      expect(result.exitCode).toBe(0)
      const own = ['https://github.com/octo/shop/actions/runs/']
      for (const text of [github.comments[0].body, result.summary]) {
        expect(findForged(text, own)).toEqual({ links: [], tags: [], references: [] })
        expect(text).not.toContain('me@example.com')
        expect(text).not.toContain('ghp_0123')
      }
      for (const { data } of result.commands) expect(data).not.toStartWith('pwned')
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'fits 5,000 incidents into the limits, the worst first, and says what it left out',
    async () => {
      github.pulls.push({ number: 4, head: 'forker:feature', sha: 'abc' })
      const many = JSON.parse(await makeDocument())
      const [incident] = many.incidents
      many.incidents = Array.from({ length: 5_000 }, (_, i) => ({
        ...incident,
        id: `I${i + 1}`,
        fingerprint: `f${i}`,
        severity: i < 2_500 ? 'critical' : 'medium',
        explanation: `Number ${i}: ${incident.explanation}`,
      }))
      offer(JSON.stringify(many))
      const result = await report()
      expect(result).toMatchObject({ exitCode: 0, outputs: { incidents: '5000', critical: '2500', medium: '2500' } })
      const [{ body }] = github.comments
      expect(body.length).toBeLessThanOrEqual(65_536)
      expect(body.length).toBeGreaterThan(50_000)
      expect(new TextEncoder().encode(result.summary).length).toBeLessThanOrEqual(900 * 1024)
      for (const text of [body, result.summary]) expect(text).toContain('Left out to fit the size limit')
      const levels = ['error', 'warning', 'notice'].map(
        (level) => result.commands.filter(({ name }) => name === level).length,
      )
      expect(levels).toEqual([9, 9, 1])
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'needs a run to report on',
    async () => {
      expect(errorsOf(await report({}, {})).join()).toContain("set 'run-id'")
    },
    SPAWN_TIMEOUT_MS,
  )
})
