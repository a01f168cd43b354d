/** The built action as GitHub runs it: spawned under Node 24, its real client libraries against a GitHub on this machine. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { readArtifact } from './artifact-content.ts'
import { cleanLog, failingLog, silentLog } from './logs.ts'
import { LoopbackGitHub } from './loopback-github.ts'
import { PULL_REQUEST, runStep, type StepOptions } from './runner.ts'
import { makeZip } from './zip.ts'

const SPAWN_TIMEOUT_MS = 30_000
let github: LoopbackGitHub
beforeEach(() => {
  github = new LoopbackGitHub()
})
afterEach(() => github.stop())

const failing = failingLog()
const clean = cleanLog()
const step = (log: string, inputs: Readonly<Record<string, string>> = {}, more: StepOptions = {}) =>
  runStep(github, {
    files: { 'logs/api.csv': log },
    inputs: { logs: 'logs/*.csv', charts: 'false', ...inputs },
    ...more,
  })
const pull = (log: string, inputs: Readonly<Record<string, string>> = {}, more: StepOptions = {}) =>
  step(log, inputs, { eventName: 'pull_request', event: PULL_REQUEST, ...more })
const refuse = (status: number, message: string, headers: Readonly<Record<string, string>> = {}) =>
  Response.json({ message }, { status, headers })
const errorsOf = (result: { commands: readonly { name: string; data: string }[] }) =>
  result.commands.filter(({ name }) => name === 'error').map(({ data }) => data)
const noticesOf = (result: { commands: readonly { name: string; data: string }[] }) =>
  result.commands.filter(({ name }) => name === 'notice').map(({ data }) => data)

describe('logs in the workspace', () => {
  test(
    'are analysed; the report goes everywhere that it should',
    async () => {
      const result = await pull(failing, { charts: 'true' })
      expect(result).toMatchObject({ exitCode: 0 })
      const [uploaded] = github.artifacts
      const files = await readArtifact(uploaded.content)
      const charts = [
        'response-time',
        'anomalies-by-service',
        'error-rate-by-environment',
        'anomaly-timeline',
        'traffic-forecast',
      ]
      expect([...files.keys()].toSorted()).toEqual(
        [
          ...charts.flatMap((name) => [`charts/${name}.png`, `charts/${name}.svg`]),
          'anomaly-state.json',
          'incidents.json',
          'master_anomalies.csv',
          'summary.md',
        ].toSorted(),
      )
      expect(uploaded.name).toBe('api-anomalies')
      const { incidents } = JSON.parse(files.get('incidents.json') ?? '')
      expect(incidents[0]).toMatchObject({ category: 'error_spike', scope: { service: 'checkout' } })

      expect(result.outputs).toMatchObject({
        incidents: '1',
        'worst-severity': incidents[0].severity,
        [incidents[0].severity]: '1',
        rows: '7200',
        rejected: '0',
        'artifact-id': String(uploaded.id),
        'artifact-url': `https://github.com/octo/shop/actions/runs/1/artifacts/${uploaded.id}`,
      })
      const folder = result.outputs['report-directory']
      expect(readFileSync(join(folder, 'incidents.json'), 'utf8')).toBe(files.get('incidents.json') ?? '')

      const [comment] = github.commentsOn(7)
      expect(result.outputs['comment-url']).toEndWith(`#issuecomment-${comment.id}`)
      for (const text of [comment.body, result.summary]) {
        expect(text).toContain('## API anomalies: 1 ')
        expect(text).toContain('Error spike')
        expect(text).toContain('xychart-beta')
        expect(text).toContain('<details>')
        expect(text).toContain('bun scripts/run.ts ')
        expect(text).toContain(result.outputs['artifact-url'])
      }
      expect(errorsOf(result).length + result.commands.filter(({ name }) => name === 'warning').length).toBe(1)
      expect(result.log).toStartWith('read inputs\n')
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'of a push: summary and artifact, no comment, no error',
    async () => {
      const result = await step(failing)
      expect(result.exitCode).toBe(0)
      expect(result.outputs).toMatchObject({ incidents: '1', 'comment-url': '' })
      expect(result.summary).toContain('## API anomalies')
      expect(github.count('GET', /comments/) + github.count('POST', /comments/)).toBe(0)
      expect(github.artifacts.length).toBe(1)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'fail the step from the severity that was asked for, after everything is published',
    async () => {
      const result = await pull(failing, { 'fail-on': 'medium' })
      expect(result.exitCode).toBe(1)
      expect(errorsOf(result).at(-1)).toContain("reached 'fail-on' medium")
      expect(result.outputs['comment-url']).not.toBe('')
      expect(await pull(clean, { 'fail-on': 'medium', 'artifact-name': 'other' })).toMatchObject({ exitCode: 0 })
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'run under Bun too',
    async () => {
      expect(await step(failing, {}, { runtime: process.execPath })).toMatchObject({
        exitCode: 0,
        outputs: { incidents: '1' },
      })
    },
    SPAWN_TIMEOUT_MS,
  )
})

describe('a demonstration', () => {
  test(
    'of 50,000 records with charts and upload ends in time, and speaks at once',
    async () => {
      const result = await runStep(github, { inputs: { demo: 'true' } })
      expect(result.outputs).toMatchObject({ rows: '50000' })
      expect(Number(result.outputs.incidents)).toBeGreaterThan(2)
      expect([...(await readArtifact(github.artifacts[0].content)).keys()]).not.toContain('generated/log.csv')
      // 10 s and 0.3 s are promised for two cores; neighbours get some room.
      expect(result.milliseconds).toBeLessThan(20_000)
      expect(result.firstLineMilliseconds).toBeLessThan(1_000)
    },
    SPAWN_TIMEOUT_MS,
  )
})

describe('inputs', () => {
  test(
    'none: one error that says which to set, with an example',
    async () => {
      const result = await runStep(github)
      expect(result.exitCode).toBe(2)
      const [message, ...more] = errorsOf(result)
      expect(more).toEqual([])
      expect(message).toContain("set 'logs', 'artifacts' or 'demo'")
      expect(message).toContain('logs: logs/*.csv')
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'that are wrong are told all at once, by their names in action.yml',
    async () => {
      const inputs = {
        window: 'fast',
        charts: 'yes',
        'fail-on': 'never',
        comment: 'loud',
        'retention-days': '0',
        'run-id': 'x',
      }
      const result = await step(clean, { ...inputs, config: 'none.yml' })
      expect(result.exitCode).toBe(2)
      const lines = errorsOf(result)[0].split('\n')
      for (const [name, value] of Object.entries(inputs)) {
        expect(lines.find((line) => line.startsWith(`'${name}' must be`))).toContain(`'${value}'`)
      }
      expect(lines).toContain("'config' must be the path of a file, got 'none.yml': no such file")
      expect(lines.length).toBe(8)
    },
    SPAWN_TIMEOUT_MS,
  )
})

describe('artifacts of this run', () => {
  test(
    'are read with several files each, nested gzip, and sources that name artifact, path and line',
    async () => {
      const [head, ...lines] = silentLog().trimEnd().split('\n')
      const part = (from: number, to: number) => [head, ...lines.slice(from, to)].join('\n')
      github.addArtifact(
        'logs-a',
        makeZip([
          { name: 'day/one.csv', content: part(0, 2_000) },
          { name: 'day/two.csv', content: part(2_000, 4_000) },
        ]),
      )
      github.addArtifact('logs-b', makeZip([{ name: 'three.csv.gz', content: gzipSync(part(4_000, 7_200)) }]))
      github.addArtifact('coverage', makeZip([{ name: 'index.html', content: '<p>' }]))
      const result = await runStep(github, { inputs: { artifacts: 'logs-*', charts: 'false' } })
      expect(result).toMatchObject({ exitCode: 0, outputs: { rows: '7200', incidents: '1' } })
      const files = await readArtifact(github.artifacts.at(-1)?.content ?? new Uint8Array())
      const { input, incidents } = JSON.parse(files.get('incidents.json') ?? '')
      expect(input.files).toEqual(['logs-a/day/one.csv', 'logs-a/day/two.csv', 'logs-b/three.csv.gz'])
      expect(incidents[0].category).toBe('silent_failure')
      expect(incidents[0].samples[0].source).toMatch(/^logs-(?:a\/day\/two\.csv|b\/three\.csv\.gz):\d+$/)
      expect(github.count('GET', /^\/repos/)).toBe(0)
      expect(result.commands.filter(({ name }) => name === 'add-mask').length).toBeGreaterThan(2)
    },
    SPAWN_TIMEOUT_MS,
  )

  const ZEROS = new Uint8Array(300 * 1024 * 1024)
  test.each([
    [
      'a truncated archive',
      () => makeZip([{ name: 'a.csv', content: failing }]).slice(0, -30),
      'is no zip archive, or a damaged one',
    ],
    ['a bomb', () => makeZip([{ name: 'a.csv', content: ZEROS }]), 'may grow at most 250 times'],
    [
      'a wrong checksum',
      () => makeZip([{ name: 'a.csv', content: failing, claim: { crc: 1 } }]),
      "the checksum of 'a.csv' is wrong",
    ],
    ['a wrong size', () => makeZip([{ name: 'a.csv', content: failing, claim: { size: 10 } }]), 'damaged one'],
    ['a path out of it', () => makeZip([{ name: '../a.csv', content: failing }]), 'invalid relative path'],
    ['no files', () => makeZip([]), 'hold no files'],
  ])(
    '%s is refused, and never hangs',
    async (_, content, message) => {
      github.addArtifact('logs', content())
      const result = await runStep(github, { inputs: { artifacts: 'logs' } })
      expect(result.exitCode).toBe(2)
      expect(errorsOf(result).join('\n')).toContain(message)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'a file that was uploaded without an archive is read as it is',
    async () => {
      github.addArtifact('api.csv', new TextEncoder().encode(failing), { contentType: 'text/csv' })
      const result = await runStep(github, { inputs: { artifacts: 'api.csv', charts: 'false' } })
      expect(result).toMatchObject({ exitCode: 0, outputs: { incidents: '1' } })
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'one that is not there: an error that says what is',
    async () => {
      github.addArtifact('log', makeZip([{ name: 'a.csv', content: clean }]))
      const result = await runStep(github, { inputs: { artifacts: 'logs' } })
      expect(errorsOf(result)).toEqual(["no artifact of this run matches 'logs'; it has log"])
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'one that was changed on its way is refused',
    async () => {
      github.addArtifact('logs', makeZip([{ name: 'a.csv', content: clean }])).digest = `sha256:${'0'.repeat(64)}`
      const result = await runStep(github, { inputs: { artifacts: 'logs' } })
      expect(errorsOf(result).join()).toContain('arrived damaged')
    },
    SPAWN_TIMEOUT_MS,
  )
})

describe('artifacts of another run', () => {
  const inputs = { artifacts: '/^log-24[05]$/', 'run-id': '41', charts: 'false' }

  test(
    'are found among 250 on three pages',
    async () => {
      const [head, ...lines] = failing.trimEnd().split('\n')
      for (let i = 0; i < 250; i++) {
        const half = i === 240 ? lines.slice(0, 3_600) : lines.slice(3_600)
        const content =
          i === 240 || i === 245 ? makeZip([{ name: 'a.csv', content: [head, ...half].join('\n') }]) : new Uint8Array()
        github.addArtifact(`log-${i}`, content, { runId: 41 })
      }
      const result = await runStep(github, { inputs })
      expect(result).toMatchObject({ exitCode: 0, outputs: { rows: '7200', incidents: '1' } })
      expect(github.count('GET', /runs\/41\/artifacts$/)).toBe(3)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'serve as baseline',
    async () => {
      github.addArtifact('main', makeZip([{ name: 'a.csv', content: clean }]), { runId: 40 })
      const result = await step(failing, { 'baseline-artifacts': 'main', 'baseline-run-id': '40' })
      expect(result.exitCode).toBe(0)
      expect(result.summary).toContain('Baseline: ')
    },
    SPAWN_TIMEOUT_MS,
  )

  test.each([
    [403, 'Resource not accessible by integration', "Grant 'actions: read'"],
    [404, 'Not Found', "Check 'run-id' and 'repository'"],
    [401, 'Bad credentials', "'github-token' is not valid"],
  ])(
    'HTTP %i: an error that says what to grant or change, at once',
    async (status, message, advice) => {
      github.intercept = () => refuse(status, message)
      const result = await runStep(github, { inputs })
      expect(result.exitCode).toBe(2)
      expect(errorsOf(result).join()).toContain(advice)
      expect(github.requests.length).toBe(1)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'that have expired: an error that says so',
    async () => {
      github.addArtifact('log-240', new Uint8Array(), { runId: 41, expired: true })
      const result = await runStep(github, { inputs })
      expect(errorsOf(result)).toEqual([
        "artifact 'log-240' of run 41 of octo/shop has expired; run that workflow again",
      ])
    },
    SPAWN_TIMEOUT_MS,
  )
})

describe('the comment', () => {
  const again = async (log: string, inputs: Readonly<Record<string, string>> = {}, more: StepOptions = {}) => {
    github.runId++
    return pull(log, inputs, more)
  }

  test(
    'is one: created, updated when something changed, left alone when not, resolved when clean',
    async () => {
      for (let i = 0; i < 120; i++) github.addComment(7, `a remark ${i}`, 'somebody')
      await pull(clean)
      expect(github.commentsOn(7).length).toBe(120)
      await again(failing)
      const [comment] = github.commentsOn(7).slice(120)
      const first = comment.body
      await again(silentLog())
      expect(comment.body).toContain('Silent failure')
      expect(comment.body).not.toBe(first)
      const { requests } = github
      requests.length = 0
      const unchanged = await again(silentLog())
      expect(unchanged.outputs['comment-url']).toEndWith(`#issuecomment-${comment.id}`)
      expect(github.count('PATCH', /./) + github.count('POST', /comments/)).toBe(0)
      expect(github.count('GET', /comments/)).toBe(2)
      await again(clean)
      expect(comment.body).toContain('No API anomalies')
      expect(comment.body).toContain('resolved')
      expect(github.commentsOn(7).length).toBe(121)
    },
    2 * SPAWN_TIMEOUT_MS,
  )

  test(
    'of a stranger with our marker is not ours',
    async () => {
      await pull(failing)
      const [ours] = github.comments
      const planted = github.addComment(7, ours.body, 'mallory')
      github.comments.splice(0, 1)
      await again(failing)
      expect(planted.body).toBe(ours.body)
      expect(github.commentsOn(7).map(({ login }) => login)).toEqual(['mallory', 'github-actions[bot]'])
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'of a later run is not overwritten by an earlier one',
    async () => {
      github.runId = 9
      await pull(failing)
      const { body } = github.comments[0]
      github.runId = 8
      await pull(clean)
      expect(github.comments.map((comment) => comment.body)).toEqual([body])
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'of each job and leg of a matrix stands for itself, also when all write at once',
    async () => {
      const leg = (region: string) => pull(failing, { 'artifact-name': region }, { matrix: { region } })
      await Promise.all([leg('eu'), leg('us'), pull(failing, { 'artifact-name': 'load' }, { job: 'load' })])
      expect(github.comments.length).toBe(3)
      await again(failing, {}, { matrix: { region: 'eu' } })
      expect(github.comments.length).toBe(3)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'is one even when two writers of the same key create it at once',
    async () => {
      // Both have read an empty list before either may write.
      let waiting = 0
      const gate = Promise.withResolvers<void>()
      github.intercept = async ({ method, path }) => {
        if (method === 'POST' && path.endsWith('/comments') && ++waiting <= 2) {
          if (waiting === 2) gate.resolve()
          await gate.promise
        }
        return null
      }
      const results = await Promise.all([pull(failing), pull(failing, { 'artifact-name': 'second' })])
      expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0])
      expect(github.comments.length).toBe(1)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'changes: is not touched while the incidents are the same ones',
    async () => {
      await pull(failing, { comment: 'changes' })
      const { body } = github.comments[0]
      const longer = `${failing}${failing.trimEnd().split('\n').at(-1)}\n`
      await again(longer, { comment: 'changes' })
      expect(github.comments[0].body).toBe(body)
      await again(longer, { comment: 'alert' })
      expect(github.comments[0].body).not.toBe(body)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'always: says that a clean run is clean; off: says nothing',
    async () => {
      await pull(failing, { comment: 'off' })
      expect(github.comments).toEqual([])
      await again(clean, { comment: 'always' })
      expect(github.comments[0].body).toContain('No API anomalies')
      expect(github.comments[0].body).not.toContain('resolved')
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'that a fork may not write is a notice; summary and artifact stand',
    async () => {
      github.intercept = ({ method, path }) =>
        method === 'POST' && path.endsWith('/comments') ? refuse(403, 'Resource not accessible by integration') : null
      const result = await pull(failing)
      expect(result).toMatchObject({ exitCode: 0, outputs: { 'comment-url': '', incidents: '1' } })
      expect(noticesOf(result).join()).toContain('may only read')
      expect(result.summary).toContain('may only read')
      expect(github.artifacts.length).toBe(1)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'waits as long as a rate limit asks for, when that is bearable',
    async () => {
      let refusals = 0
      github.intercept = ({ method, path }) =>
        method === 'POST' && path.endsWith('/comments') && refusals++ === 0
          ? refuse(429, 'You have exceeded a secondary rate limit', { 'retry-after': '1' })
          : null
      expect((await pull(failing)).outputs['comment-url']).not.toBe('')
      expect(refusals).toBe(2)
      github.intercept = ({ path }) =>
        path.includes('/comments') ? refuse(403, 'API rate limit exceeded', { 'retry-after': '3600' }) : null
      const result = await again(clean)
      expect(result.exitCode).toBe(0)
      expect(noticesOf(result).join()).toContain('rate limit exceeded')
    },
    SPAWN_TIMEOUT_MS,
  )
})

describe('the upload', () => {
  test(
    'that fails is a note; the rest goes on',
    async () => {
      github.intercept = ({ path }) => (path.endsWith('/CreateArtifact') ? refuse(403, 'no') : null)
      const result = await pull(failing)
      expect(result).toMatchObject({ exitCode: 0, outputs: { 'artifact-id': '', 'artifact-url': '' } })
      expect(noticesOf(result).join()).toContain("was not uploaded as artifact 'api-anomalies'")
      expect(github.comments.length).toBe(1)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'under a name that another leg has taken says what to set',
    async () => {
      github.addArtifact('api-anomalies', new Uint8Array())
      expect(noticesOf(await step(failing)).join()).toContain("an 'artifact-name' of its own")
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'on GitHub Enterprise Server is left out with a note',
    async () => {
      const result = await step(failing, {}, { serverUrl: 'https://git.example.com' })
      expect(result.exitCode).toBe(0)
      expect(result.summary).toContain('GitHub Enterprise Server')
      expect(github.requests).toEqual([])
    },
    SPAWN_TIMEOUT_MS,
  )
})
