import { expect, test } from 'bun:test'
import { createRandom } from '../../math/random.ts'
import { Cells, KIND } from './cells.ts'
import { Stretches } from './stretches.ts'

const encoder = new TextEncoder()
/** Sets three cells; `|` stands around each in the text. */
function setCells(cells: Cells, text: string, kinds = [KIND.text, KIND.text, KIND.text] as readonly number[]): void {
  const bytes = encoder.encode(text)
  cells.view = new DataView(bytes.buffer)
  const bars = [...bytes.keys()].filter((at) => bytes[at] === 124)
  for (const slot of [0, 1, 2]) cells.set(slot, kinds[slot], bars[2 * slot] + 1, bars[2 * slot + 1])
}

test('are found again when all cells have the same bytes in the same places', () => {
  const cells = new Cells(3)
  const stretches = new Stretches(cells, [0, 1, 2])
  const random = createRandom(5)
  const draw = () => 'ab'.repeat(20).slice(0, Math.floor(random() ** 3 * 30)) + 'xy'[Math.floor(random() * 2)]
  const known = new Map<string, number>()
  for (let round = 0; round < 9_000; round++) {
    const between = [draw().length % 2 === 0 ? ',' : ', ', ',']
    const text = `|${draw()}|${between[0]}|${draw()}|${between[1]}|${draw()}|`
    const kinds = [KIND.text, random() < 0.1 ? KIND.none : KIND.text, random() < 0.5 ? KIND.text : KIND.escaped]
    setCells(cells, `${'.'.repeat(round % 7)}${text}\n`, kinds)
    const key = text + kinds.join()
    const found = stretches.find()
    expect(found).toBe(known.get(key) ?? -1)
    if (found < 0) {
      const added = stretches.add()
      expect(added).toBe(known.size)
      known.set(key, added)
    }
  }
  expect(known.size).toBeGreaterThan(1_000)
})

test('of the same bytes are others when the cells begin elsewhere', () => {
  const cells = new Cells(3)
  const stretches = new Stretches(cells, [0, 1])
  const bytes = encoder.encode('GET",shop,eu\n')
  cells.view = new DataView(bytes.buffer)
  cells.set(0, KIND.text, 0, 3)
  cells.set(1, KIND.text, 5, 9)
  expect([stretches.find(), stretches.add(), stretches.find()]).toEqual([-1, 0, 0])
  cells.set(0, KIND.text, 0, 4)
  expect(stretches.find()).toBe(-1)
})

test('are given up when they are ever new', () => {
  const cells = new Cells(3)
  const stretches = new Stretches(cells, [0, 1, 2])
  let held = 0
  for (let round = 0; round < 20_000; round++) {
    setCells(cells, `|GET|,|/users/${round}|,|eu|\n`)
    expect(stretches.find()).toBe(-1)
    if (stretches.add() >= 0) held++
  }
  expect(held).toBe(8_192)
  setCells(cells, '|GET|,|/users/1|,|eu|\n')
  expect(stretches.find()).toBe(-1)
  stretches.clear()
  expect([stretches.find(), stretches.add(), stretches.find()]).toEqual([-1, 0, 0])
})
