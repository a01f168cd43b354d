/** The step that this program runs in: what the runner tells it, and what it tells the runner. */
import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as core from '@actions/core'
import { InputError } from '../logs/input-error.ts'
import type { Repository } from './github.ts'

export interface Step {
  readonly repository: Repository
  readonly runId: number
  readonly workflow: string
  readonly job: string
  /** Which leg of a matrix; `''` where the runner does not say. */
  readonly leg: string
  readonly serverUrl: string
  /** Whose artifact service the client does not know. */
  readonly isEnterpriseServer: boolean
  readonly eventName: string
  /** Branch or tag that the run is of, in short; for pull requests `7/merge`. */
  readonly refName: string
  readonly isTag: boolean
  /** Commit that the run is of; for pull requests a merge that is tried out. */
  readonly sha: string
  /** Payload of the event, as GitHub wrote it. */
  readonly event: unknown
}

export type AnnotationLevel = 'error' | 'warning' | 'notice'

/** @returns texts by name, trimmed, `''` where nothing was given */
export function readInputs<Name extends string>(names: readonly Name[]): Record<Name, string> {
  const texts = names.map((name): [string, string] => [name, core.getInput(name)])
  return Object.fromEntries(texts) as Record<Name, string>
}

export async function readStep(): Promise<Step> {
  const { env } = process
  const serverUrl = env.GITHUB_SERVER_URL || 'https://github.com'
  return {
    repository: parseRepository(env.GITHUB_REPOSITORY ?? ''),
    runId: Number(env.GITHUB_RUN_ID),
    workflow: env.GITHUB_WORKFLOW ?? '',
    job: env.GITHUB_JOB ?? '',
    // `plan.job.leg`; the plan is another one in each run.
    leg: (env.ACTIONS_ORCHESTRATION_ID ?? '').split('.').slice(2).join('.'),
    serverUrl,
    isEnterpriseServer: !/^(?:github\.com|.*\.ghe\.com|.*\.localhost)$/i.test(new URL(serverUrl).hostname),
    eventName: env.GITHUB_EVENT_NAME ?? '',
    refName: env.GITHUB_REF_NAME ?? '',
    isTag: env.GITHUB_REF_TYPE === 'tag',
    sha: env.GITHUB_SHA ?? '',
    event: await readEvent(env.GITHUB_EVENT_PATH ?? ''),
  }
}

async function readEvent(path: string): Promise<unknown> {
  if (path === '') return {}
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new Error(`${path}: the event's payload cannot be read`, { cause })
  }
}

/** @throws InputError when it is not `owner/name` */
export function parseRepository(text: string): Repository {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(text) ?? []
  if (owner === undefined) throw new InputError(`'repository' must be like owner/name, got '${text}'`)
  return { owner, name }
}

/** Where the logs are named from: relative paths are the user's, who thinks of the workspace. */
export function enterWorkspace(): void {
  const workspace = process.env.GITHUB_WORKSPACE
  if (workspace) process.chdir(workspace)
}

/** A new, empty folder that the runner removes after the job. */
export function makeTemporaryFolder(): Promise<string> {
  return mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), 'api-anomaly-'))
}

export function now(): number {
  return Date.now()
}

export function hideSecret(text: string): void {
  if (text !== '') core.setSecret(text)
}

/** Appends Markdown to the job's summary, where the runner has one. */
export async function writeSummary(markdown: string): Promise<void> {
  if (process.env.GITHUB_STEP_SUMMARY) await core.summary.addRaw(markdown, true).write()
}

export function setOutputs(values: Readonly<Record<string, string | number>>): void {
  for (const [name, value] of Object.entries(values)) core.setOutput(name, value)
}

/** @param title of the annotation; it and the message may hold log fields */
export function annotate(level: AnnotationLevel, title: string, message: string): void {
  const write = { error: core.error, warning: core.warning, notice: core.notice }[level]
  write(message, { title })
}
