import { expect, test } from 'bun:test'
import { createRandom } from '../../math/random.ts'
import { type Block, BlockCutter } from './cut.ts'

const random = createRandom(3)
const draw = (count: number): number => Math.floor(random() * count)

test('blocks are the bytes in their order, whole lines where they can be', () => {
  for (let round = 0; round < 2_000; round++) {
    const bytes = Uint8Array.from({ length: draw(400) }, () => (draw(4 + draw(40)) === 0 ? 10 : 97 + draw(20)))
    const most = 8 + draw(80)
    const cutter = new BlockCutter(most, (length) => new Uint8Array(length))
    const blocks: Block[] = []
    const take = (isLast: boolean) => {
      for (let block = cutter.cut(isLast); block !== null; block = cutter.cut(isLast)) blocks.push(block)
    }
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + draw(60)
      cutter.push(bytes.subarray(at, end))
      take(false)
      at = end
    }
    take(true)
    expect(blocks.flatMap((block) => [...block.bytes])).toEqual([...bytes])
    let before = 10
    for (const [place, block] of blocks.entries()) {
      const last = block.bytes[block.bytes.length - 1]
      expect(block.bytes.length).toBeLessThanOrEqual(most)
      if (block.isWhole) expect(before === 10 && (last === 10 || place === blocks.length - 1)).toBe(true)
      else expect(before !== 10 || last !== 10).toBe(true)
      before = last
    }
  }
})
