import type { Finding } from '../types.ts'
import type { ShareInput } from './share-input.ts'

/** A first round's findings below this p-value are masked when the second round learns what is usual. */
const MASK_LOG_P = Math.log(1e-7)
/** Never mask more than this part of a slice's requests: what is mostly so is usual. */
const MOST_MASKED = 0.4

/** Whether a finding's windows are no example of what is usual. */
export function isBeyondDoubt({ logP }: Finding): boolean {
  return logP <= MASK_LOG_P
}

/** The windows of one finding masked in every slice: a fault that lasts leaves its mark on its parents and neighbours too. */
export function maskEverywhere(
  { from, to }: Finding,
  inputs: readonly (ShareInput | null)[],
  windows: number,
): Map<number, Uint8Array> {
  const mask = new Uint8Array(windows).fill(1, from, to)
  const masks = new Map<number, Uint8Array>()
  for (const [slice, input] of inputs.entries()) if (input !== null) masks.set(slice, mask)
  return masks
}

/** Masks of the hours in which nobody knows what a slice's share is, unless those are all; null when there are none. */
export function maskUnknown(inputs: readonly (ShareInput | null)[]): ReadonlyMap<number, Uint8Array> | null {
  const masks = new Map<number, Uint8Array>()
  for (const [slice, input] of inputs.entries()) {
    const hours = input?.unknown?.windows
    if (hours?.includes(1) && hours.includes(0)) masks.set(slice, hours)
  }
  return masks.size === 0 ? null : masks
}

/**
 * By slice, 1 for the windows that are no example of what is usual; null when there are none.
 *
 * @param known masks to which the findings' are added
 */
export function buildMasks(
  findings: readonly Finding[],
  inputs: readonly (ShareInput | null)[],
  windows: number,
  known: ReadonlyMap<number, Uint8Array> | null = null,
): ReadonlyMap<number, Uint8Array> | null {
  const bySlice = new Map<number, Finding[]>()
  for (const finding of findings) {
    if (!isBeyondDoubt(finding)) continue
    const list = bySlice.get(finding.slice)
    if (list === undefined) bySlice.set(finding.slice, [finding])
    else list.push(finding)
  }
  if (bySlice.size === 0) return known
  const masks = new Map(known)
  for (const [slice, list] of bySlice) {
    const { total } = inputs[slice]!.series
    const mask = masks.get(slice)?.slice() ?? new Uint8Array(windows)
    // Length of the finding that masked each window: what merely contains a known core adds nothing.
    const length = new Uint32Array(windows)
    const unknown = inputs[slice]!.unknown?.windows
    let all = 0
    let masked = 0
    for (let w = 0; w < windows; w++) {
      all += total[w]
      // Hours that nobody knows are left out for another reason than what is in them.
      if (unknown?.[w] !== 1) masked += mask[w] * total[w]
    }
    for (const { from, to } of list.sort((a, b) => a.logP - b.logP)) {
      let more = 0
      let core = 0
      for (let w = from; w < to; w++) {
        core = Math.max(core, length[w])
        if (mask[w] === 0) more += total[w]
      }
      if ((core > 0 && to - from > core) || masked + more > MOST_MASKED * all) continue
      mask.fill(1, from, to)
      length.fill(to - from, from, to)
      masked += more
    }
    masks.set(slice, mask)
  }
  return masks
}
