/** A failure is told to whoever awaits the value, not to the process before that. */
export function keepForLater<Value>(value: Promise<Value>): Promise<Value> {
  value.catch(() => undefined)
  return value
}
