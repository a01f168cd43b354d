/** How scopes lie to each other, and whether one matches a pattern. */
import { DIMENSIONS, type Dimension, type Scope } from './types.ts'

/** What requests have in all dimensions, and how many have it, so that it can be seen what a scope holds. */
export type Places = Readonly<Record<Dimension, readonly string[]>> & { readonly requests: readonly number[] }

/** The scope with what all its requests have in common besides: an endpoint of one service is in that service. */
export function completeScope(scope: Scope, places: Places): Scope {
  const completed: Scope = { ...scope }
  const count = places.service.length
  for (const dimension of DIMENSIONS) {
    if (scope[dimension] !== undefined) continue
    let common: string | null = null
    for (let place = 0; place < count && common !== ''; place++) {
      if (DIMENSIONS.some((other) => scope[other] !== undefined && scope[other] !== places[other][place])) continue
      const value = places[dimension][place]
      common = common === null || common === value ? value : ''
    }
    if (common !== null && common !== '') completed[dimension] = common
  }
  return completed
}

/** Part (0..1) of the requests in either of two scopes that lie in both; 0 for none. */
export function overlapOf(a: Scope, b: Scope, places: Places): number {
  const isWithin = (scope: Scope, place: number) =>
    DIMENSIONS.every((dimension) => scope[dimension] === undefined || scope[dimension] === places[dimension][place])
  let both = 0
  let either = 0
  for (const [place, requests] of places.requests.entries()) {
    const [inA, inB] = [isWithin(a, place), isWithin(b, place)]
    if (inA && inB) both += requests
    if (inA || inB) either += requests
  }
  return either === 0 ? 0 : both / either
}

export type ScopeRelation = 'equal' | 'narrower' | 'wider' | 'other'

/** How a scope lies to another: narrower says the same and more. Scopes that only overlap are others. */
export function relateScopes(scope: Scope, other: Scope): ScopeRelation {
  const isWithin = (inner: Scope, outer: Scope) =>
    DIMENSIONS.every((dimension) => outer[dimension] === undefined || outer[dimension] === inner[dimension])
  const [within, holds] = [isWithin(scope, other), isWithin(other, scope)]
  return within ? (holds ? 'equal' : 'narrower') : holds ? 'wider' : 'other'
}

/** Whether every dimension that a pattern names matches; `*` stands for any run of characters. */
export function matchesScope(scope: Scope, pattern: Scope): boolean {
  return DIMENSIONS.every((dimension) => {
    const text = pattern[dimension]
    return text === undefined || matchesPattern(scope[dimension] ?? '', text)
  })
}

/** Compared piece by piece, so that no pattern can be slow. */
function matchesPattern(value: string, pattern: string): boolean {
  const pieces = pattern.split('*')
  if (pieces.length === 1) return value === pattern
  if (!value.startsWith(pieces[0])) return false
  let at = pieces[0].length
  for (const piece of pieces.slice(1, -1)) {
    const found = value.indexOf(piece, at)
    if (found < 0) return false
    at = found + piece.length
  }
  const last = pieces.at(-1)!
  return value.length - last.length >= at && value.endsWith(last)
}
