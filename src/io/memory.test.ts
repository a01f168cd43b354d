import { expect, test } from 'bun:test'
import { setImmediate } from 'node:timers/promises'
import { collectGarbage } from './memory.ts'

test('what nothing holds any more is given back', async () => {
  const references = Array.from({ length: 100 }, (_, i) => new WeakRef({ i }))
  // What a turn has made is held until its end.
  await setImmediate()
  collectGarbage()
  // An engine that looks at the stack for what may be in use keeps one or the other.
  expect(references.filter((reference) => reference.deref() === undefined).length).toBeGreaterThan(50)
})
