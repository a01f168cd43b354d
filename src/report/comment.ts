/** The comment on a pull request: its text, whose it is, and what to do with those that are there. */
import { hashText } from '../math/hash.ts'
import type { Incident, Report } from '../types.ts'
import { renderSummary } from './markdown.ts'
import { isNews, listFound } from './standing.ts'

export interface CommentOptions {
  /** What tells this comment from those of other jobs and legs: their names, in order. */
  readonly identity: readonly string[]
  /** Id of the run that the report is of; a later run has a higher one. */
  readonly runId: number
  /** Markdown beneath the report. It may differ between runs that found the same. */
  readonly footer: string
  /** True when such a comment is only ever begun with incidents: a clean one says that they are gone. */
  readonly startsWithIncidents: boolean
}

/** A comment that wants to be written. */
export interface CommentDraft {
  readonly body: string
  /** How the body begins, the same in each run. */
  readonly marker: string
  /** Of what was found, without the footer and the age of the baseline: time alone is no news. */
  readonly digest: string
  /** Of which incidents were found: fingerprints and severities, with a baseline also whether they are new. */
  readonly incidents: string
  readonly runId: number
  /**
   * Incidents above the watch list; with a baseline only those that are new or worse. What the base branch has too is
   * no reason to begin a comment, and stands in one that is there.
   */
  readonly found: number
}

interface PostedComment {
  readonly id: number
  readonly body: string
  readonly author: string
}

/** What is to be done. `surplus` are copies that other writers left at the same moment. */
export interface CommentPlan<Comment> {
  readonly action: 'create' | 'update' | 'keep' | 'none'
  /** The one that stays: to be updated, or kept. */
  readonly current: Comment | null
  readonly surplus: readonly Comment[]
}

/** GitHub takes 65,536. */
const MAX_CHARACTERS = 65_000

/** The comment for a report. The marker comes first, where no cut can reach it. */
export function renderComment(report: Report, options: CommentOptions): CommentDraft {
  const found = listFound(report)
  const news = found.filter(isNews)
  const marker = `<!-- api-anomaly comment ${hashList(options.identity)} -->`
  const gone = news.length === 0 && options.startsWithIncidents ? `\n${goneSentence(found.length)}\n` : ''
  const footer = `\n---\n${options.footer}\n`
  const maxCharacters = MAX_CHARACTERS - marker.length - gone.length - footer.length - 200
  const digest = hashList([renderSummary(withoutAge(report), { maxCharacters }) + gone])
  const incidents = hashList(found.map(describeIncident).toSorted())
  const state = `<!-- run:${options.runId} digest:${digest} incidents:${incidents} -->`
  const body = `${marker}\n${state}\n${renderSummary(report, { maxCharacters })}${gone}${footer}`
  return { body, marker, digest, incidents, runId: options.runId, found: news.length }
}

function goneSentence(known: number): string {
  if (known === 0) return 'What an earlier run reported here is gone: resolved.'
  return 'What an earlier run reported here as new is gone, or the baseline has it too by now.'
}

function withoutAge(report: Report): Report {
  const { comparison } = report
  return comparison === null ? report : { ...report, comparison: { ...comparison, ageMs: Number.NaN } }
}

function describeIncident({ fingerprint, severity, status }: Incident): string {
  return status === null ? `${fingerprint} ${severity}` : `${fingerprint} ${severity} ${status}`
}

/**
 * Decides what becomes of the comments that are there. The oldest of ours is the one that stays: all writers agree on it
 * without talking to each other.
 *
 * @param author only comments of this login are ours: anyone can copy a marker
 */
export function planComment<Comment extends PostedComment>(
  posted: readonly Comment[],
  draft: CommentDraft,
  mode: 'always' | 'alert' | 'changes',
  author: string,
): CommentPlan<Comment> {
  const ours = posted
    .filter((comment) => comment.author === author && comment.body.startsWith(draft.marker))
    .toSorted((a, b) => a.id - b.id)
  const [current = null, ...surplus] = ours
  if (current === null) {
    return { action: mode === 'always' || draft.found > 0 ? 'create' : 'none', current, surplus }
  }
  const state = parseState(current.body)
  const isSame = state.digest === draft.digest || (mode === 'changes' && state.incidents === draft.incidents)
  return { action: isSame || state.runId > draft.runId ? 'keep' : 'update', current, surplus }
}

function parseState(body: string): { runId: number; digest: string; incidents: string } {
  const [, runId = '0', digest = '', incidents = ''] =
    /^.*\n<!-- run:(\d+) digest:(\w+) incidents:(\w+) -->/.exec(body) ?? []
  return { runId: Number(runId), digest, incidents }
}

function hashList(texts: readonly string[]): string {
  return hashText(JSON.stringify(texts))
}
