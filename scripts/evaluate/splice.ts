/** Two generated logs joined to one. */
import type { Records } from '../../src/logs/generate.ts'
import type { Cell } from '../../src/logs/generate-world.ts'

/**
 * Records of `before` that are not touched and records of `after` that are, by time.
 *
 * @param after of a world with the same names, so that cells have the same numbers
 */
export function spliceRecords(
  before: Records,
  after: Records,
  touches: (time: number, cell: Cell) => boolean,
): Records {
  const picked = [
    ...pickRows(before, (time, cell) => !touches(time, cell)),
    ...pickRows(after, touches).map((row) => before.rows + row),
  ].sort((a, b) => timeAt(a) - timeAt(b) || a - b)
  function timeAt(row: number): number {
    return row < before.rows ? before.time[row] : after.time[row - before.rows]
  }
  const gather = <T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(
    first: T,
    second: T,
    result: T,
  ): T => {
    for (const [i, row] of picked.entries()) result[i] = row < before.rows ? first[row] : second[row - before.rows]
    return result
  }
  const rows = picked.length
  return {
    rows,
    cells: before.cells,
    time: gather(before.time, after.time, new Float64Array(rows)),
    cell: gather(before.cell, after.cell, new Uint16Array(rows)),
    status: gather(before.status, after.status, new Uint16Array(rows)),
    durationMs: gather(before.durationMs, after.durationMs, new Float64Array(rows)),
    bytes: gather(before.bytes, after.bytes, new Uint32Array(rows)),
    payload: gather(before.payload, after.payload, new Uint8Array(rows)),
    resource: gather(before.resource, after.resource, new Uint32Array(rows)),
  }
}

function pickRows({ rows, time, cell, cells }: Records, wanted: (time: number, cell: Cell) => boolean): number[] {
  const picked: number[] = []
  for (let row = 0; row < rows; row++) if (wanted(time[row], cells[cell[row]])) picked.push(row)
  return picked
}
