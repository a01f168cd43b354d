/** What to drop first when space is short: lower goes first. The evidence of the worst incident is kept longest. */
export const RANK = {
  head: 100,
  row: 80,
  fixed: 70,
  evidence: 60,
  notes: 50,
  known: 45,
  timeline: 40,
  links: 35,
  snippet: 32,
  changes: 30,
  latency: 28,
  untold: 26,
  knownEvidence: 22,
  watch: 20,
  numbers: 10,
} as const
