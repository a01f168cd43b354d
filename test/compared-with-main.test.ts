/** The whole loop: main's runs leave states, a pull request's run finds the right one, compares itself and gates. */
import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { readArtifact } from './artifact-content.ts'
import { cleanLog, failingLog } from './logs.ts'
import { LoopbackGitHub } from './loopback-github.ts'
import type { Run } from './loopback-runs.ts'
import { findForged } from './markdown-check.ts'
import { runStep, type StepOptions, type StepResult } from './runner.ts'
import { makeZip, type ZipMember } from './zip.ts'

const SPAWN_TIMEOUT_MS = 60_000
const HEAD = 'e'.repeat(40)
let github: LoopbackGitHub
beforeEach(() => {
  github = new LoopbackGitHub()
})
afterEach(() => github.stop())

const clean = cleanLog()
const failing = failingLog()
const shaOf = (id: number) => `${id}`.padStart(4, '0').repeat(10)
const short = (id: number) => shaOf(id).slice(0, 7)
const ACCEPTED = 'ignore:\n  - { category: error_spike, scope: { service: checkout }, reason: being replaced }\n'

interface Given {
  readonly inputs?: Readonly<Record<string, string>>
  readonly config?: string
  readonly more?: StepOptions
}

function step(log: string, { inputs = {}, config, more = {} }: Given): Promise<StepResult> {
  return runStep(github, {
    files: { 'logs/api.csv': log, ...(config === undefined ? {} : { '.github/api-anomaly.yml': config }) },
    inputs: { logs: 'logs/*.csv', charts: 'false', baseline: 'auto', ...inputs },
    ...more,
  })
}

/** A run on main, which compares itself with the one before. */
async function pushToMain(id: number, log: string, given: Given = {}): Promise<StepResult> {
  github.runId = id
  const run = github.runs.add(id, { conclusion: null })
  const result = await step(log, { ...given, more: { sha: run.sha, ...given.more } })
  run.conclusion = result.exitCode === 0 ? 'success' : 'failure'
  return result
}

const PULL_REQUEST = {
  pull_request: {
    number: 7,
    head: { ref: 'feature', label: 'octo:feature', sha: HEAD, repo: { full_name: 'octo/shop' } },
    base: { ref: 'main' },
  },
}

/** A run of the pull request, numbered from 50 on. @param history what its head builds on */
function pull(log: string, history: readonly string[], given: Given = {}): Promise<StepResult> {
  github.runId = 50 + github.runs.all.filter(({ sha }) => sha === HEAD).length
  github.runs.add(github.runId, { event: 'pull_request', branch: 'feature', sha: HEAD, conclusion: null })
  github.runs.histories.set(HEAD, [HEAD, ...history])
  const more = { eventName: 'pull_request', event: PULL_REQUEST, branch: '7/merge', ...given.more }
  return step(log, { ...given, inputs: { 'fail-on': 'new-high', ...given.inputs }, more })
}

/** What a clean run leaves; made once. */
let honest: Promise<string> | undefined
function makeState(): Promise<string> {
  honest ??= (async () => {
    await using other = new LoopbackGitHub()
    await runStep(other, { files: { 'a.csv': clean }, inputs: { logs: 'a.csv', charts: 'false' } })
    return (await readArtifact(other.artifacts[0].content)).get('anomaly-state.json') ?? ''
  })()
  return honest
}
/** A run on main that left this, without running anything. */
function leave(id: number, members: readonly ZipMember[], more: Partial<Run> = {}) {
  github.runs.add(id, more)
  return github.addArtifact('api-anomalies', makeZip(members), { runId: id })
}
async function leaveState(id: number, more: Partial<Run> = {}) {
  return leave(id, [{ name: 'anomaly-state.json', content: await makeState() }], more)
}

const dataOf = (result: StepResult, level: string) =>
  result.commands.filter(({ name }) => name === level).map(({ data }) => data)
const reportOf = async (index = -1) => {
  const files = await readArtifact(github.artifacts.at(index)?.content ?? new Uint8Array())
  return {
    incidents: JSON.parse(files.get('incidents.json') ?? ''),
    state: JSON.parse(files.get('anomaly-state.json') ?? ''),
  }
}

describe('a pull request compared with main', () => {
  test(
    'finds the state of main’s last run, says which, tells what is new, and fails for it',
    async () => {
      const first = await pushToMain(40, clean)
      expect(first).toMatchObject({ exitCode: 0, outputs: { baseline: '', new: '', fixed: '' } })
      expect(await pushToMain(41, clean)).toMatchObject({ outputs: { baseline: `main at ${short(40)}, run 40` } })
      const { state } = await reportOf()
      expect(state).toMatchObject({ source: { branch: 'main', commit: shaOf(41), runId: 41 }, unfit: null })

      const result = await pull(failing, [shaOf(41), shaOf(40)])
      expect(result.exitCode).toBe(1)
      expect(result.outputs).toMatchObject({
        baseline: `main at ${short(41)}, run 41`,
        ...{ new: '1', worse: '0', known: '0', fixed: '0' },
      })
      expect(dataOf(result, 'error').at(-1)).toContain("reached 'fail-on' new-high: 1 incident")
      expect(result.log).toMatch(
        new RegExp(`^Compared with main at ${short(41)}, run 41, \\S.* old, the nearest run that`, 'm'),
      )
      const { incidents, state: own } = await reportOf()
      expect(incidents.incidents[0]).toMatchObject({ category: 'error_spike' })
      expect(incidents.notes.join('\n')).toContain(`Compared with main at ${short(41)}, run 41 (2026-05-07 17:00 UTC)`)
      expect(own).toMatchObject({ source: { branch: 'feature', commit: HEAD, runId: 50 } })
      const [comment] = github.commentsOn(7)
      expect(comment.body).toContain(short(41))
      expect(comment.body).toContain('gh run download 41 --repo octo/shop --name api-anomalies')
    },
    2 * SPAWN_TIMEOUT_MS,
  )

  test(
    'does not fail for what main has too, though it may warn',
    async () => {
      // A known trouble: somebody has accepted it, and it is real.
      await pushToMain(40, failing, { config: ACCEPTED })
      const result = await pull(failing, [shaOf(40)], { inputs: { 'warn-on': 'medium' } })
      expect(result).toMatchObject({ exitCode: 0, outputs: { new: '0', worse: '0', known: '1' } })
      expect(dataOf(result, 'warning').join()).toContain("reached 'warn-on' medium: 1 incident")
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'counts what is gone',
    async () => {
      await pushToMain(40, failing)
      const { state } = await reportOf()
      leave(41, [{ name: 'anomaly-state.json', content: JSON.stringify({ ...state, unfit: null }) }])
      const result = await pull(clean, [shaOf(41)])
      expect(result).toMatchObject({ exitCode: 0, outputs: { new: '0', known: '0', fixed: '1' } })
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'passes over a run of main that brought a critical or high incident, unless that was accepted',
    async () => {
      await pushToMain(40, clean)
      await pushToMain(41, failing)
      const result = await pull(failing, [shaOf(41), shaOf(40)])
      expect(result).toMatchObject({ exitCode: 1, outputs: { baseline: `main at ${short(40)}, run 40`, new: '1' } })
      const note = `Run 41 (${short(41)}) was passed over as baseline: it brought 1 critical or high incident.`
      expect(result.log).toContain(note)
      expect((await reportOf()).incidents.notes).toContain(note)

      // It stays so until somebody says that this is how it is now.
      await pushToMain(42, failing)
      expect((await reportOf()).state.unfit).toContain('it brought 1 critical or high')
      await pushToMain(43, failing, { config: ACCEPTED })
      const accepted = await pull(failing, [43, 42, 41, 40].map(shaOf))
      expect(accepted).toMatchObject({ exitCode: 0, outputs: { baseline: `main at ${short(43)}, run 43`, new: '0' } })
    },
    4 * SPAWN_TIMEOUT_MS,
  )

  test(
    'takes the nearest run that its head builds on, not the newest',
    async () => {
      await leaveState(40)
      await leaveState(41)
      await leaveState(42)
      expect(await pull(clean, [shaOf(41), shaOf(40)])).toMatchObject({
        exitCode: 0,
        outputs: { baseline: `main at ${short(41)}, run 41` },
      })
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'takes the newest run where the history cannot be read, and says so',
    async () => {
      await leaveState(40)
      await leaveState(41)
      github.intercept = ({ path }) =>
        path.endsWith('/commits') ? Response.json({ message: 'Resource not accessible' }, { status: 403 }) : null
      const result = await pull(clean, [shaOf(40)])
      expect(result).toMatchObject({ exitCode: 0, outputs: { baseline: `main at ${short(41)}, run 41` } })
      expect(result.log).toContain("(needs 'contents: read')")
      expect(result.log).toContain('the newest run, which the commit is not known to build on')
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'never takes a stranger’s run: not a fork’s on its own branch main, not what a pull request or another run triggered',
    async () => {
      await leaveState(40)
      await leaveState(41, { event: 'pull_request', repository: 'mallory/shop' })
      // More than a page: they must not push main's own run off it.
      for (let id = 100; id < 250; id++) github.runs.add(id, { event: 'pull_request', repository: 'mallory/shop' })
      // As if GitHub gave more than it was asked for.
      await leaveState(42, { event: 'push', repository: 'mallory/shop' })
      await leaveState(43, { event: 'workflow_run' })
      await leaveState(44, { event: 'push', repository: '' })
      await leaveState(45, { event: 'push', workflowId: 78 })
      await leaveState(46, { event: 'push', branch: 'feature' })
      await leaveState(47, { event: 'push', conclusion: 'failure' })
      const result = await pull(clean, [47, 46, 45, 44, 43, 42, 41, 40].map(shaOf))
      expect(result).toMatchObject({ exitCode: 0, outputs: { baseline: `main at ${short(40)}, run 40` } })
      expect(github.count('GET', /runs\/4[1-7]\/artifacts$/)).toBe(0)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'takes branch, commit, run and time from GitHub, not from the file',
    async () => {
      const lie = JSON.parse(await makeState())
      lie.source = {
        name: '::error::pwned',
        branch: 'evil',
        commit: 'c0ffee',
        runId: 666,
        time: '2020-01-01T00:00:00Z',
      }
      leave(40, [{ name: 'anomaly-state.json', content: JSON.stringify(lie) }])
      const result = await pull(clean, [shaOf(40)])
      expect(result.outputs.baseline).toBe(`main at ${short(40)}, run 40`)
      expect(`${result.log}${result.summary}`).not.toMatch(/evil|c0ffee|pwned|666/)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'of a matrix finds the artifact of its own leg',
    async () => {
      await leaveState(40)
      github.addArtifact('leg-eu', makeZip([{ name: 'anomaly-state.json', content: await makeState() }]), { runId: 40 })
      const of = (name: string) => pull(clean, [shaOf(40)], { inputs: { 'artifact-name': name } })
      expect(await of('leg-eu')).toMatchObject({ outputs: { baseline: `main at ${short(40)}, run 40` } })
      const other = await of('leg-us')
      expect(other).toMatchObject({ exitCode: 0, outputs: { baseline: '' } })
      expect(other.log).toContain("matches 'leg-us'; it has api-anomalies, leg-eu")
    },
    2 * SPAWN_TIMEOUT_MS,
  )
})

describe('without a baseline', () => {
  /** Exit 0, and said everywhere. */
  async function expectLoud(result: StepResult, ...reasons: readonly (string | RegExp)[]) {
    expect(result).toMatchObject({ exitCode: 0, outputs: { baseline: '', new: '', worse: '', known: '', fixed: '' } })
    const [warning] = dataOf(result, 'warning')
    const { incidents } = await reportOf()
    expect(warning).toContain("'fail-on new-high' could not be judged")
    for (const reason of reasons) {
      expect(warning).toMatch(reason)
      expect(incidents.notes.join('\n')).toMatch(reason)
    }
    expect(result.summary).toContain('No baseline: ')
  }

  test(
    'the first run says so, and fails nothing',
    async () => {
      await expectLoud(await pull(failing, []), "No baseline: this workflow has no successful run on 'main' yet")
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'an artifact that has expired, or was never left, is told with its run',
    async () => {
      await leaveState(40)
      github.artifacts[0].expired = true
      github.runs.add(41)
      const result = await pull(failing, [shaOf(41), shaOf(40)])
      await expectLoud(result, /No baseline: no run on 'main' has left a state that can be used, of 2 runs looked at/)
      const { incidents } = await reportOf()
      expect(incidents.notes.join('\n')).toContain(
        `Run 40 (${short(40)}) was passed over as baseline: artifact 'api-anomalies' of run 40 of octo/shop has expired`,
      )
      expect(incidents.notes.join('\n')).toContain(
        "no artifact of run 41 of octo/shop matches 'api-anomalies'; it has none",
      )
    },
    SPAWN_TIMEOUT_MS,
  )

  test.each([
    [403, 'Resource not accessible by integration', /Grant 'actions: read' under 'permissions'/],
    [404, 'Not Found', /Grant 'actions: read' under 'permissions'/],
    [401, 'Bad credentials', /'github-token' is not valid/],
  ] as const)(
    'HTTP %i says what to grant',
    async (status, message, advice) => {
      await leaveState(40)
      github.intercept = ({ path }) =>
        path.endsWith('/runs') || path.endsWith('/actions/runs/50') ? Response.json({ message }, { status }) : null
      await expectLoud(await pull(failing, [shaOf(40)]), 'No baseline: cannot read run 50 of octo/shop', advice)
      expect(github.count('GET', /actions\/(?:runs|workflows)/)).toBe(1)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'GitHub Enterprise Server is asked nothing',
    async () => {
      const result = await pull(failing, [], {
        more: { serverUrl: 'https://git.example.com' },
        inputs: { comment: 'off' },
      })
      expect(result).toMatchObject({ exitCode: 0, outputs: { baseline: '' } })
      expect(dataOf(result, 'warning')[0]).toContain('No baseline: GitHub Enterprise Server')
      expect(github.requests).toEqual([])
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'a fork’s pull request finds main’s state with its read-only token',
    async () => {
      await leaveState(40)
      const head = { ref: 'main', label: 'mallory:main', sha: HEAD, repo: { full_name: 'mallory/shop' } }
      const event = { pull_request: { ...PULL_REQUEST.pull_request, head } }
      const result = await pull(clean, [shaOf(40)], { more: { event } })
      expect(result).toMatchObject({ exitCode: 0, outputs: { baseline: `main at ${short(40)}, run 40` } })
      expect((await reportOf()).state.source).toMatchObject({ branch: 'mallory:main', commit: HEAD })
    },
    SPAWN_TIMEOUT_MS,
  )
})

describe('a state that nobody should believe', () => {
  const change = (text: string, edit: (state: Record<string, unknown>) => void) => {
    const state = JSON.parse(text)
    edit(state)
    return JSON.stringify(state)
  }
  const HUGE = Uint8Array.from({ length: 33 * 1024 * 1024 }, (_, i) => Math.imul(i, 2_654_435_761) >>> 24)
  test.each([
    ['another schema', (good: string) => good.replace('state@1', 'state@2'), '/schema must be equal to constant'],
    ['no JSON', () => '{', 'must be JSON'],
    ['JSON of a great depth', () => `${'['.repeat(500_000)}${']'.repeat(500_000)}`, 'cannot be read by this version'],
    ['a huge file', () => HUGE, 'may have at most 33554432 bytes'],
    ['a bomb', () => new Uint8Array(300 * 1024 * 1024), 'may grow at most 250 times'],
    ['nothing', () => '', 'must be JSON'],
    [
      'a wrong kind',
      (good: string) => change(good, (state) => Object.assign(state, { rows: 'many' })),
      '/rows must be integer',
    ],
    [
      'columns of other lengths',
      (good: string) => change(good, (state) => Object.assign(Object(state.cells), { slow: [] })),
      'equal lengths',
    ],
  ])(
    '%s is passed over with a note, and the one before is taken',
    async (_, make, reason) => {
      await leaveState(40)
      leave(41, [{ name: 'anomaly-state.json', content: make(await makeState()) }])
      const result = await pull(clean, [shaOf(41), shaOf(40)])
      expect(result).toMatchObject({ exitCode: 0, outputs: { baseline: `main at ${short(40)}, run 40` } })
      const note = (await reportOf()).incidents.notes.find((text: string) => text.startsWith('Run 41'))
      expect(note).toContain(`Run 41 (${short(41)}) was passed over as baseline: `)
      expect(note).toContain(reason)
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'an artifact without a state, a damaged one and one that was changed on its way likewise',
    async () => {
      await leaveState(40)
      leave(41, [{ name: 'incidents.json', content: '{}' }])
      leave(42, [{ name: 'anomaly-state.json', content: await makeState() }]).digest = `sha256:${'0'.repeat(64)}`
      leave(43, [{ name: 'anomaly-state.json', content: await makeState(), claim: { crc: 1 } }])
      leave(44, [{ name: '../anomaly-state.json', content: await makeState() }])
      const result = await pull(clean, [44, 43, 42, 41, 40].map(shaOf))
      expect(result).toMatchObject({ exitCode: 0, outputs: { baseline: `main at ${short(40)}, run 40` } })
      for (const reason of [
        "artifact 'api-anomalies' has no file 'anomaly-state.json'",
        'arrived damaged',
        'the checksum of',
        'invalid relative path',
      ]) {
        expect(result.log).toContain(reason)
      }
      const { notes } = (await reportOf()).incidents
      expect(notes.filter((text: string) => text.startsWith('Run 4')).length).toBe(3)
      expect(notes).toContain('1 older run was passed over too.')
    },
    SPAWN_TIMEOUT_MS,
  )

  test(
    'hostile text in it forges nothing',
    async () => {
      const hostile = change(await makeState(), (state) =>
        Object.assign(state, { unfit: '\n::error::pwned @octocat ##[error]pwned <img src=x>' }),
      )
      leave(41, [{ name: 'anomaly-state.json', content: hostile }])
      const result = await pull(failing, [shaOf(41)])
      expect(result.exitCode).toBe(0)
      for (const { data } of result.commands) expect(data).not.toStartWith('pwned')
      expect(findForged(result.summary, ['https://github.com/octo/shop/actions/runs/'])).toEqual({
        links: [],
        tags: [],
        references: [],
      })
    },
    SPAWN_TIMEOUT_MS,
  )
})
