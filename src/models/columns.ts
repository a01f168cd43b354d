/**
 * Rows of a table that is given column by column.
 *
 * @throws RangeError when there is no column, or the columns differ in length
 */
export function countRows(columns: readonly Float64Array[]): number {
  if (columns.length === 0) throw new RangeError(`'columns' must hold at least one column, got 0`)
  const rows = columns[0].length
  const odd = columns.findIndex((column) => column.length !== rows)
  if (odd > 0)
    throw new RangeError(`'columns' must be of one length (${rows}), got ${columns[odd].length} in column ${odd}`)
  return rows
}
