/** What a line is. `slow`: not plain. */
export const LINE = { record: 0, blank: 1, slow: 2 } as const

/** Finds the cells of one line after the other. */
export interface LineScanner {
  /**
   * Sets the cells of the line that begins at `start`.
   *
   * @param bytes end with a line feed, so that nobody needs to look where they end
   * @returns a value of LINE; unless it is slow, `at` is then the index after the line's end
   */
  scan(bytes: Uint8Array, start: number): number
  readonly at: number
}
