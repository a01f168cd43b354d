import type { ShareFindings, ShareJudge } from '../types.ts'
import { createShareFitting, type ShareFit } from './share-fitting.ts'
import type { ShareInput, ShareSubject } from './share-input.ts'
import { gatherEvidence, shareLogP, type Weigh } from './share-judge.ts'
import { createWeighs, type ShareSurvey, surveyShares } from './share-survey.ts'
import { createStrangeness } from './strangeness.ts'

/** Judges kept ready for those who ask again: so many windows of models (about 60 bytes each), and never fewer judges than these. */
const MOST_KEPT_WINDOWS = 1_000_000
const FEWEST_KEPT = 64

/** Judges every interval of every slice, and stays ready to judge others. */
export function detectShares(subject: ShareSubject): ShareFindings {
  return openShares(subject, surveyShares(subject))
}

/**
 * The findings of a survey with judges that answer as it did: of its slices, and of any other scope.
 *
 * @param subject the one that was surveyed
 */
export function openShares(subject: ShareSubject, survey: ShareSurvey): ShareFindings {
  const { kind, slices, inputs, calendar } = subject
  const fitting = createShareFitting(subject, survey)
  const weighOf = createWeighs(subject, survey.pooled)
  const createJudge = ({ model, spread }: ShareFit, input: ShareInput | null, weigh: Weigh): ShareJudge => {
    const strangeness = createStrangeness(model, input, kind, calendar)
    return { judge: (from, to) => weigh(gatherEvidence(model, spread, strangeness, from, to), from, to) }
  }
  const kept = new Map<number, ShareJudge>()
  const mostKept = Math.max(FEWEST_KEPT, Math.floor(MOST_KEPT_WINDOWS / calendar.windows))
  const judgeOf = (slice: number, input: ShareInput): ShareJudge => {
    const ready = kept.get(slice)
    if (ready !== undefined) return ready
    if (kept.size >= mostKept) kept.clear()
    const weigh = weighOf(slices[slice].level, input.baseline !== null)
    const judge = createJudge(fitting.fitSlice(slice, null), input, weigh)
    kept.set(slice, judge)
    return judge
  }
  return {
    findings: survey.findings,
    tests: survey.tests,
    judges: inputs.map((input, slice) =>
      input === null ? null : { judge: (from: number, to: number) => judgeOf(slice, input).judge(from, to) },
    ),
    fit(series, baseline, dimensions) {
      const level = Math.min(2, dimensions)
      return createJudge(fitting.fitSeries(series, baseline, level), null, weighOf(level, baseline !== null))
    },
    logP: shareLogP,
  }
}
