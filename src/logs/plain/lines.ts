/** What a line is. `slow`: not plain. */
export const LINE = { record: 0, blank: 1, slow: 2 } as const

/** Finds the cells of one line after the other. */
export interface LineScanner {
  /**
   * Sets the cells of the line that begins at `start`.
   *
   * @param end of the bytes; a line may end there without a line feed
   * @returns a value of LINE; unless it is slow, `at` is then the index after the line's end
   */
  scan(bytes: Uint8Array, start: number, end: number): number
  readonly at: number
}
