const MOST_EXCERPTS = 2_000
const EXCERPTS_PER_KIND = 3
/** Characters of a line that are shown. */
export const LONGEST_EXCERPT = 200

/** Raw text of some rows, as samples of what is wrong: a few of each kind. */
export class Excerpts {
  readonly #byRow = new Map<number, string>()
  readonly #keptOfKind = new Map<string, number>()

  /**
   * Keeps the text of a row, when there are not enough of its kind yet.
   *
   * @param kind rows of one kind show the same
   * @param excerpt called only when it will be kept
   */
  keep(row: number, kind: string, excerpt: () => string): void {
    if (this.#byRow.size >= MOST_EXCERPTS) return
    const kept = this.#keptOfKind.get(kind) ?? 0
    if (kept >= EXCERPTS_PER_KIND) return
    this.#keptOfKind.set(kind, kept + 1)
    this.#byRow.set(row, excerpt().slice(0, LONGEST_EXCERPT))
  }

  /** Forgets the rows of which something holds. */
  drop(holds: (row: number) => boolean): void {
    for (const row of this.#byRow.keys()) if (holds(row)) this.#byRow.delete(row)
  }

  /** @param order which row comes at each place; null: they are in order */
  build(order: Uint32Array | null): Map<number, string> {
    const place = order === null ? null : invert(order)
    return new Map(
      [...this.#byRow]
        .map(([row, text]) => [place === null ? row : place[row], text] as const)
        .sort((a, b) => a[0] - b[0]),
    )
  }
}

function invert(order: Uint32Array): Uint32Array {
  const place = new Uint32Array(order.length)
  for (let index = 0; index < order.length; index++) place[order[index]] = index
  return place
}
