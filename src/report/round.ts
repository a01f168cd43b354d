/** Numbers in files: few enough digits that the last bit, in which engines differ, does not show. */

/** Whole from 100,000 up, so that counts stay exact; below that six significant digits. NaN and infinities are null. */
export function roundNumber(value: number): number | null {
  if (!Number.isFinite(value)) return null
  return Math.abs(value) >= 100_000 ? Math.round(value) : Number(value.toPrecision(6))
}

/** A p- or q-value with four significant digits; NaN is null. */
export function roundProbability(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(4)) : null
}
