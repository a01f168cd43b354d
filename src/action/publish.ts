/** Tells a report where people look: log, annotations, outputs, job summary, pull request. */
import { countStatuses } from '../gates.ts'
import { annotate, type Step, setOutputs, writeSummary } from '../io/actions.ts'
import { say } from '../io/console.ts'
import type { GitHub } from '../io/github.ts'
import { renderComment } from '../report/comment.ts'
import { codeSpan, prose } from '../report/escape.ts'
import { type ChartLink, renderSummary } from '../report/markdown.ts'
import { renderTable } from '../report/terminal.ts'
import { type Report, SEVERITIES } from '../types.ts'
import { buildAnnotations } from './annotations.ts'
import { publishComment } from './comment-step.ts'
import type { ActionInputs } from './inputs.ts'

/** Where and about what a report is published. */
export interface Publication {
  readonly report: Report
  readonly step: Step
  readonly inputs: ActionInputs
  readonly github: GitHub
  /** The run that the report is of. */
  readonly runId: number
  /** What tells this comment from those of other jobs. */
  readonly identity: readonly string[]
  readonly pullRequests: readonly number[]
  readonly artifact: { readonly id: string; readonly url: string }
  /** Of the files of the report; `''` when there are none. */
  readonly folder: string
  readonly quickchartLinks: readonly ChartLink[]
  /** How to get the same result elsewhere; `''` where that cannot be told. */
  readonly reproduce: string
  /** What nobody should miss, though nothing fails, a sentence each. */
  readonly warnings: readonly string[]
  /** What this step has to say beside the report, a sentence each. */
  readonly notices: readonly string[]
}

/** The runner drops a summary of over 1 MiB without a word. */
const MAX_SUMMARY_BYTES = 900 * 1024

export async function publish(publication: Publication): Promise<void> {
  const { report } = publication
  const notices = [...publication.notices]
  say(renderTable(report))
  // Before those of the incidents, as one: GitHub shows ten.
  if (publication.warnings.length > 0) annotate('warning', 'API anomalies', publication.warnings.join('\n'))
  for (const { level, title, message } of buildAnnotations(report)) annotate(level, title, message)

  const commentUrls: string[] = []
  for (const pullRequest of publication.pullRequests) {
    const outcome = await comment(publication, pullRequest)
    say(`Comment on pull request ${pullRequest}: ${outcome.done}${outcome.url === '' ? '' : ` ${outcome.url}`}`)
    if (outcome.url !== '') commentUrls.push(outcome.url)
    if (outcome.notice !== '') notices.push(outcome.notice)
  }
  if (notices.length > 0) annotate('notice', 'API anomalies', notices.join('\n'))
  await writeSummary(renderStepSummary(publication, notices))
  setOutputs({ ...countOutputs(report), ...placeOutputs(publication), 'comment-url': commentUrls[0] ?? '' })
}

function comment(publication: Publication, pullRequest: number) {
  const { report, step, inputs, github, runId, identity } = publication
  if (inputs.comment === 'off') return { url: '', done: 'off', notice: '' }
  const footer = renderFooter(publication)
  const draft = renderComment(report, { identity, runId, footer, startsWithIncidents: inputs.comment !== 'always' })
  const target = { github, repository: step.repository, pullRequest, author: inputs.commentAuthor }
  return publishComment(target, draft, inputs.comment)
}

function renderStepSummary(publication: Publication, notices: readonly string[]): string {
  const tail = [...notices.map((notice) => `> ${prose(notice)}\n`), renderFooter(publication)].join('\n')
  const maxBytes = MAX_SUMMARY_BYTES - new TextEncoder().encode(tail).length
  return `${renderSummary(publication.report, { quickchartLinks: publication.quickchartLinks, maxBytes })}\n${tail}\n`
}

function renderFooter({ step, identity, runId, artifact, reproduce }: Publication): string {
  const { owner, name } = step.repository
  const run = `${step.serverUrl}/${owner}/${name}/actions/runs/${runId}`
  const names = identity.filter((text) => text !== '').map((text) => codeSpan(text.replace(/\s+/g, ' ')))
  const links = [`[run ${runId}](${run})`, ...(artifact.url === '' ? [] : [`[all files](${artifact.url})`])]
  const line = `<sub>${[names.join(' / '), ...links].join(' · ')}</sub>\n`
  if (reproduce === '') return line
  return `${line}\n<details>\n<summary>The same on your machine</summary>\n\n${reproduce}\n\n</details>\n`
}

function countOutputs(report: Report): Record<string, string | number> {
  const counts = SEVERITIES.map(
    (severity) => report.incidents.filter((incident) => incident.severity === severity).length,
  )
  const [critical, high, medium, low] = counts
  const worst = SEVERITIES.find((_, index) => counts[index] > 0) ?? 'none'
  return {
    incidents: critical + high + medium,
    critical,
    high,
    medium,
    low,
    'worst-severity': worst,
    rows: report.input.rows,
    rejected: report.input.rejected,
    ...(countStatuses(report) ?? { new: '', worse: '', known: '', fixed: '' }),
    baseline: report.comparison?.source.name ?? '',
  }
}

function placeOutputs({ folder, artifact }: Publication): Record<string, string> {
  return { 'report-directory': folder, 'artifact-id': artifact.id, 'artifact-url': artifact.url }
}
