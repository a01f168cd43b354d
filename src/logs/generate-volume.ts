/** How many requests a part of a generated log has when nothing happens. */
import { DIMENSIONS, type Scope } from '../types.ts'
import type { Background } from './generate-background.ts'
import type { Cell } from './generate-world.ts'

/** Of a scope, the expected requests between two slots (the second exclusive). */
export type Volume = (scope: Scope) => (startSlot: number, endSlot: number) => number

/** True when a cell lies in a scope. */
export function isInScope(cell: Cell, scope: Scope): boolean {
  return DIMENSIONS.every((dimension) => scope[dimension] === undefined || scope[dimension] === cell[dimension])
}

/**
 * Adds up a log's expected traffic, so that planning an event does not walk through all slots again and again. Every
 * block is taken at its middle.
 *
 * @param rows requests of the whole log
 */
export function buildVolume({ cells, slots, slotMs, blockMs, weightsAt }: Background, rows: number): Volume {
  const slotsPerBlock = Math.round(blockMs / slotMs)
  const blocks = Math.ceil(slots / slotsPerBlock)
  const weights = Array.from({ length: blocks }, (_, block) =>
    weightsAt(Math.min(slots - 1, Math.floor((block + 0.5) * slotsPerBlock))),
  )
  const before = (scope: Scope): Float64Array => {
    const inside = cells.map((cell, i) => (isInScope(cell, scope) ? i : -1)).filter((i) => i >= 0)
    const sums = new Float64Array(blocks + 1)
    for (let block = 0; block < blocks; block++) {
      let weight = 0
      for (const i of inside) weight += weights[block][i]
      sums[block + 1] = sums[block] + (rows * weight * slotsPerBlock) / slots
    }
    return sums
  }

  const known = new Map<string, Float64Array>()
  return (scope) => {
    const key = JSON.stringify(scope)
    const sums = known.get(key) ?? before(scope)
    known.set(key, sums)
    const upTo = (slot: number) => {
      const block = Math.min(blocks - 1, Math.floor(slot / slotsPerBlock))
      return sums[block] + (sums[block + 1] - sums[block]) * (slot / slotsPerBlock - block)
    }
    return (startSlot, endSlot) => upTo(endSlot) - upTo(startSlot)
  }
}
