/** Fields of an event's payload, which is nobody's schema. */

/** @returns undefined for what is no object, and for what it has not of its own */
export function fieldOf(value: unknown, ...path: readonly string[]): unknown {
  let found = value
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Object.getOwnPropertyDescriptor(found, name)?.value
  }
  return found
}

/** @returns `''` for what is no text */
export function textOf(value: unknown, ...path: readonly string[]): string {
  const found = fieldOf(value, ...path)
  return typeof found === 'string' ? found : ''
}
