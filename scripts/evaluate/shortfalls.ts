/** What the scoreboard asks, and which of it is not met. */

/** A part that should be at least, or a number that should be at most. */
export interface Aim {
  readonly name: string
  readonly aim: number
  /** `least`: a share of `count` of `of`; `most`: the count itself. */
  readonly kind: 'least' | 'most'
  readonly count: number
  readonly of: number
  /** Why it may not be met. */
  readonly why?: string
}

/** A line for every aim that is missed; of what nothing is known, nothing is missed. */
export function renderShortfalls(aims: readonly Aim[]): string[] {
  const lines = aims.flatMap(({ name, aim, kind, count, of, why }) => {
    const part = count / of
    const isMissed = kind === 'least' ? part < aim : count > aim
    if (!isMissed) return []
    const seen =
      kind === 'least' ? `${count} of ${of}, ${part.toFixed(3)}; at least ${aim}` : `${count} in ${of}; at most ${aim}`
    return [`- ${name}: ${seen} is the aim.${why === undefined ? '' : ` ${why}`}`]
  })
  return lines.length > 0 ? lines : ['None of the aims above is missed.']
}
