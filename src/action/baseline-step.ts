/** `baseline: auto`: the state that an earlier run of the same workflow left. */
import { formatAmount, formatDuration, formatTime } from '../format.ts'
import { makeTemporaryFolder, type Step } from '../io/actions.ts'
import { readArtifactFile } from '../io/artifacts.ts'
import { say } from '../io/console.ts'
import { type GitHub, GitHubError, type PastRun } from '../io/github.ts'
import { InputError } from '../logs/input-error.ts'
import { STATE_FILE } from '../state/document.ts'
import { parseState, StateError } from '../state/parse.ts'
import type { State } from '../types.ts'
import { type Candidate, isTrusted, orderCandidates, TRUSTED_EVENTS } from './baseline-runs.ts'
import { describeRun, SHORT_SHA, type TestedCommit } from './commit.ts'

export interface FoundBaseline {
  /** null: none. */
  readonly state: State | null
  /** For the report, a sentence each: which one it is, and which were passed over. */
  readonly notes: readonly string[]
  /** Why there is none; `''` when there is one. */
  readonly warning: string
}

/** States have well under 1 MB. */
const MOST_BYTES = 32 * 1024 * 1024
/** How far back an ancestor is looked for: two hundred commits. */
const HISTORY_PAGES = 2
/** Runs passed over that the report names; the log names all. */
const MOST_NAMED = 3

/**
 * Looks for the newest state of the base branch that may be compared with, and says which it is. That there is none
 * fails nothing.
 *
 * @param artifactName what this step writes to is what the earlier one wrote to
 * @param now ms UTC
 */
export async function findBaseline(
  step: Step,
  github: GitHub,
  tested: TestedCommit,
  artifactName: string,
  now: number,
): Promise<FoundBaseline> {
  say(`find the last run of ${tested.baseBranch}`)
  const { candidates, problem } = await findCandidates(step, github, tested)
  if (problem !== '') return withoutBaseline(problem, [])
  const passedOver: string[] = []
  for (const candidate of candidates) {
    const { run } = candidate
    const found = await readState(run, artifactName, step, github)
    if ('reason' in found) {
      const note = `Run ${run.id} (${run.headSha.slice(0, SHORT_SHA)}) was passed over as baseline: ${found.reason}.`
      say(note)
      passedOver.push(note)
      continue
    }
    const name = describeRun({ branch: run.branch, sha: run.headSha, runId: run.id })
    const why = describeChoice(candidate, passedOver.length)
    say(`Compared with ${name}, ${formatDuration(now - run.startedAt)} old, ${why}`)
    // What the file says of its origin is the file's word; GitHub's is better.
    const source = { name, branch: run.branch, commit: run.headSha, runId: run.id, time: run.startedAt }
    const note = `Compared with ${name} (${formatTime(run.startedAt)}), ${why}.`
    return { state: { ...found.state, source }, notes: [note, ...nameSome(passedOver)], warning: '' }
  }
  const tried =
    passedOver.length === 0
      ? `this workflow has no successful run on '${tested.baseBranch}' yet (is it triggered by pushes there?)`
      : `no run on '${tested.baseBranch}' has left a state that can be used, of ${formatAmount(passedOver.length, 'run')} looked at`
  return withoutBaseline(`${tried}. The next successful one will leave its state`, passedOver)
}

function withoutBaseline(problem: string, passedOver: readonly string[]): FoundBaseline {
  const warning = `No baseline: ${problem}. Nothing is told to be new or fixed.`
  return { state: null, notes: [warning, ...nameSome(passedOver)], warning }
}

/** @returns why nobody can be asked; `''` when all went well */
async function findCandidates(
  step: Step,
  github: GitHub,
  { baseBranch, sha }: TestedCommit,
): Promise<{ candidates: Candidate[]; problem: string }> {
  const none = (problem: string) => ({ candidates: [], problem })
  const { repository, runId, isEnterpriseServer } = step
  if (isEnterpriseServer) return none('GitHub Enterprise Server has no artifact service that this action knows')
  if (baseBranch === '') return none('the event names no branch')
  try {
    const workflowId = await github.readWorkflowId(repository, runId)
    // By event, so that a stranger's many runs cannot push the branch's own off the page.
    const lists = await Promise.all(
      TRUSTED_EVENTS.map((event) => github.listSuccessfulRuns(repository, workflowId, baseBranch, event)),
    )
    const wanted = { repository, workflowId, branch: baseBranch, runId }
    const runs = lists.flat().filter((run) => isTrusted(run, wanted))
    const history = runs.length === 0 ? [] : await readHistory(step, github, sha)
    return { candidates: orderCandidates(runs, history), problem: '' }
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    return none(`${error.message}. ${adviceFor(error)}`)
  }
}

/** Without it the newest run is taken. */
async function readHistory({ repository }: Step, github: GitHub, sha: string): Promise<string[]> {
  try {
    return await github.listHistory(repository, sha, HISTORY_PAGES)
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    say(`${error.message}: the newest run is taken, whether the commit builds on it or not (needs 'contents: read')`)
    return []
  }
}

function adviceFor({ status, message }: GitHubError): string {
  if (/rate limit/i.test(message)) return 'Run the step again later'
  if (status === 403 || status === 404) return "Grant 'actions: read' under 'permissions'"
  return status === 401 ? "The 'github-token' is not valid (any more)" : 'Run the step again'
}

async function readState(
  run: PastRun,
  artifactName: string,
  { repository }: Step,
  github: GitHub,
): Promise<{ state: State } | { reason: string }> {
  const place = { github, repository, runId: run.id }
  try {
    const state = parseState(await readArtifactFile(artifactName, STATE_FILE, place, MOST_BYTES, makeTemporaryFolder))
    return state.unfit === '' ? { state } : { reason: state.unfit }
  } catch (error) {
    if (error instanceof StateError) {
      return { reason: `its ${STATE_FILE} cannot be read by this version: ${error.message}` }
    }
    if (error instanceof InputError) return { reason: error.message }
    throw error
  }
}

function describeChoice({ isAncestor }: Candidate, passedOver: number): string {
  const which = isAncestor
    ? 'nearest run that the commit builds on'
    : 'newest run, which the commit is not known to build on'
  return `the ${which}${passedOver === 0 ? '' : ' and that can be used'}`
}

function nameSome(notes: readonly string[]): string[] {
  const more = notes.length - MOST_NAMED
  return [
    ...notes.slice(0, MOST_NAMED),
    ...(more > 0 ? [`${formatAmount(more, 'older run')} ${more === 1 ? 'was' : 'were'} passed over too.`] : []),
  ]
}
