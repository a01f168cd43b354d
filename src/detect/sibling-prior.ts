import type { ShareEvidence } from '../types.ts'

/** Jeffreys' prior of a share. */
const JEFFREYS: ShareEvidence = { bad: 0.5, total: 1 }

/**
 * Jeffreys' prior lies about one half: where bad requests are rare, one seen request more or less is worth more than all
 * of it. For what is a fault wherever it stands, half a bad request (a relative spread of √2) is spread over as many as
 * the siblings have one in, or the slice itself where that has more of them; but over no more requests than the slice
 * has shown of its own, for it may be unlike its siblings.
 */
export function siblingPrior(
  parent: ShareEvidence | null,
  own: ShareEvidence,
  strength: number,
  standing: boolean,
): ShareEvidence {
  if (parent === null || parent.total <= own.total) return JEFFREYS
  const share = Math.max(0, parent.bad - own.bad + JEFFREYS.bad) / (parent.total - own.total + JEFFREYS.total)
  const atLeast = Math.max(share, own.bad / Math.max(1, own.total))
  const spreadOver = standing ? Math.min(JEFFREYS.bad / atLeast, own.total) : 0
  return { bad: JEFFREYS.bad + strength * share, total: Math.max(JEFFREYS.total, spreadOver) + strength }
}
