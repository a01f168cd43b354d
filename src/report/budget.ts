/** A text that must fit a limit: a tree of parts, of which the least important are left out first. */

/** A part of the text. Its children stand between `open` and `close`, and only where it stands itself. */
export interface Part {
  /** Ends with a line break, as `close` does. */
  readonly open: string
  readonly close?: string
  readonly children?: readonly Part[]
  /** Higher is kept longer. Parts of equal rank are kept in the order of the text. */
  readonly rank: number
  /** The kind of part, in the plural, for the sentence that says what was left out: `rows of the incident table`. */
  readonly kind: string
}

export interface Budget {
  /** In UTF-8. */
  readonly maxBytes: number
  /** In UTF-16 units, of which GitHub's characters are never more. */
  readonly maxCharacters: number
}

export interface Fitted {
  readonly text: string
  /** Number of parts left out by kind, in the order of the text. Parts within a left-out part are not counted. */
  readonly leftOut: ReadonlyMap<string, number>
}

/** Joins the parts that fit, by rank; the first that does not fit ends it, so nothing lesser stands where it fell out. */
export function fitParts(parts: readonly Part[], budget: Budget): Fitted {
  const encoder = new TextEncoder()
  const kept = new Set<Part>()
  let bytes = 0
  let characters = 0
  for (const part of rankParts(parts)) {
    const frame = part.open + (part.close ?? '')
    bytes += encoder.encode(frame).length
    characters += frame.length
    if (bytes > budget.maxBytes || characters > budget.maxCharacters) break
    kept.add(part)
  }
  const leftOut = new Map<string, number>()
  const text = parts.map((part) => renderPart(part, kept, leftOut)).join('')
  return { text, leftOut }
}

/** All parts of the tree, most important first; a child never ranks above its parent. */
function rankParts(parts: readonly Part[]): Part[] {
  const ranked: { part: Part; rank: number }[] = []
  const collect = (part: Part, ceiling: number) => {
    const rank = Math.min(part.rank, ceiling)
    ranked.push({ part, rank })
    for (const child of part.children ?? []) collect(child, rank)
  }
  for (const part of parts) collect(part, Number.POSITIVE_INFINITY)
  return ranked.sort((a, b) => b.rank - a.rank).map(({ part }) => part)
}

function renderPart(part: Part, kept: ReadonlySet<Part>, leftOut: Map<string, number>): string {
  if (!kept.has(part)) {
    leftOut.set(part.kind, (leftOut.get(part.kind) ?? 0) + 1)
    return ''
  }
  const children = (part.children ?? []).map((child) => renderPart(child, kept, leftOut))
  return `${part.open}${children.join('')}${part.close ?? ''}`
}
