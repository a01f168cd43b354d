import { formatCount } from '../format.ts'

const BEFORE = /\(\d[\d,]* of \d[\d,]* before\)$/

/** The reason of answers that break a contract: what is wrong, and how many of the baseline's answers had that. */
export function renderContractReason(breach: string, bad: number, total: number): string {
  return `${breach} (${formatWhole(bad)} of ${formatWhole(total)} before)`
}

const formatWhole = (count: number) => formatCount(Math.round(count))

/** Whether an answer is invalid only by what the baseline says of others. */
export function isContractReason(reason: string): boolean {
  return BEFORE.test(reason)
}
