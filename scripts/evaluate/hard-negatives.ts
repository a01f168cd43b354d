/** Plays the hard negatives for silent failures: none of their answers may be flagged. */
import { createRandom } from '../../src/math/random.ts'
import { run } from '../../src/run.ts'
import { type Logs, PAYLOAD } from '../../src/types.ts'
import { CASES, type Case, DAYS, drawFlawless, PARTIAL_DATA, ROWS, SEED } from './hard-negative-cases.ts'
import { readText } from './play.ts'

/** In the control, one right answer in so many is replaced by a failing one: a reader that sees nothing flags nothing. */
const CONTROL_EVERY = 100

export interface HardNegatives {
  readonly cases: readonly {
    readonly name: string
    /** 2xx answers, and those of them that were flagged. */
    readonly answers: number
    readonly flagged: number
    /** Silent-failure incidents of any severity, and incidents of any kind above low. */
    readonly silent: number
    readonly reported: number
    /** Failing answers put among the right ones, and those of them that were flagged; null without a control. */
    readonly control: { readonly answers: number; readonly flagged: number } | null
  }[]
  /** GraphQL answers with data and errors: so many of so many were flagged. */
  readonly partial: { readonly answers: number; readonly flagged: number }
}

export async function playHardNegatives(): Promise<HardNegatives> {
  const cases = []
  for (const each of CASES) cases.push({ name: each.name, ...(await playCase(each)) })
  const partial = await playCase(PARTIAL_DATA)
  return { cases, partial }
}

async function playCase(each: Case) {
  const logs = await readCase(each, () => false)
  const { anomalies, incidents } = await run(logs, { seed: SEED })
  return {
    answers: logs.table.status.reduce((sum, status) => sum + (isGood(status) ? 1 : 0), 0),
    flagged: anomalies.filter(({ category, source }) => category === 'silent_failure' && source !== '').length,
    silent: incidents.filter(({ category }) => category === 'silent_failure').length,
    reported: incidents.filter(({ severity }) => severity !== 'low').length,
    control: each.canFail ? await playControl(each) : null,
  }
}

async function playControl(each: Case): Promise<{ answers: number; flagged: number }> {
  const { status } = drawFlawless()
  const isFailing = (row: number) => row % CONTROL_EVERY === 0 && isGood(status[row])
  const { payload } = (await readCase(each, isFailing)).table
  return {
    answers: status.filter((_, row) => isFailing(row)).length,
    flagged: payload.reduce((sum, value, row) => sum + (value === PAYLOAD.invalid && isFailing(row) ? 1 : 0), 0),
  }
}

async function readCase({ file, render }: Case, isFailing: (row: number) => boolean): Promise<Logs> {
  const logs = await readText(render(drawFlawless(), createRandom(SEED), isFailing), file)
  if (logs.rejectedCount > 0) throw new Error(`no line of ${file} may be rejected, got ${logs.rejectedCount}`)
  return logs
}

const isGood = (status: number) => status >= 200 && status < 300

export function renderHardNegatives({ cases, partial }: HardNegatives): string[] {
  const sum = (of: (each: HardNegatives['cases'][number]) => number) => cases.reduce((all, each) => all + of(each), 0)
  return [
    '## Hard negatives for silent failures',
    '',
    `Logs of ${ROWS.toLocaleString('en')} requests in ${DAYS} days in which every 2xx answer is right but looks in some way like a failure ([hard-negative-cases.ts](../scripts/evaluate/hard-negative-cases.ts)): ${sum(({ flagged }) => flagged)} of ${sum(({ answers }) => answers).toLocaleString('en')} answers flagged, ${sum(({ silent }) => silent)} silent-failure incidents of any severity, ${sum(({ reported }) => reported)} incidents of any kind above low. *Control*: failing answers of the same kind in the same log, one in ${CONTROL_EVERY}, and how many of them are flagged.`,
    '',
    '| Answers | 2xx | Flagged | Silent-failure incidents | Incidents above low | Control |',
    '|---|--:|--:|--:|--:|--:|',
    ...cases.map(
      ({ name, answers, flagged, silent, reported, control }) =>
        `| ${name} | ${answers} | ${flagged} | ${silent} | ${reported} | ${control === null ? '–' : `${control.flagged} of ${control.answers}`} |`,
    ),
    '',
    `GraphQL partial data (\`data\` beside a non-empty \`errors\`) is no hard negative but counts as a silent failure: a field that the client asked for is missing from a 200. ${partial.flagged} of ${partial.answers} such answers are flagged. \`errors\` inside \`data\` is somebody's data and does not count.`,
  ]
}
