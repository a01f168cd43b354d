/**
 * Writes the WebAssembly that scores Isolation Forests: `bun scripts/forest-kernel.ts`. It is assembled from the text
 * below into `src/models/forest-kernel-code.ts`, which is checked in: the same bytes on every machine, as a test says.
 *
 * A step of a row through a tree waits for two loads from memory, so that eight rows are walked side by side. That is
 * written out by `map`, for WebAssembly has no loop over local variables.
 */
import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import wabt from 'wabt'
import { parseOptions, runCommand } from './command.ts'

/** Rows that are walked side by side; the kernel's caller makes room for a multiple of it. */
const ROWS = [0, 1, 2, 3, 4, 5, 6, 7]
/** Values that are ranked side by side: a divisor of the above. */
const VALUES = [0, 1, 2, 3]
const LARGEST_FLOAT32 = '0x1.fffffep127'

const each = (lanes: readonly number[], text: (lane: number) => string) => lanes.map(text).join('\n')

/**
 * Ranks of values: how many thresholds lie below each, by binary search without branches.
 *
 * `thresholds`: float64 in ascending order, one fewer than a power of two, filled up with infinity. `half`: bytes of half
 * that power. `values` to `end`: float64, counted as float32. An unknown value gets rank 0 in `low` and `unknown`, which
 * is above every rank, in `high`: it lies left of the thresholds of some nodes and right of others'.
 */
const RANK = `
  (func (export "rank")
    (param $values i32) (param $end i32) (param $thresholds i32) (param $half i32) (param $low i32) (param $high i32)
    (local $step i32)
    ${each(VALUES, (i) => `(local $value${i} f64) (local $at${i} i32)`)}
    (loop $block
      ${each(
        VALUES,
        (i) => `
      (local.set $value${i} (f64.promote_f32 (f32.demote_f64 (f64.load offset=${8 * i} (local.get $values)))))
      (local.set $value${i} (f64.max (f64.const -${LARGEST_FLOAT32})
        (f64.min (f64.const ${LARGEST_FLOAT32}) (local.get $value${i}))))
      (local.set $at${i} (local.get $thresholds))`,
      )}
      (local.set $step (local.get $half))
      (loop $search
        ${each(
          VALUES,
          (i) => `
        (local.set $at${i} (select
          (i32.add (local.get $at${i}) (local.get $step))
          (local.get $at${i})
          (f64.lt
            (f64.load (i32.sub (i32.add (local.get $at${i}) (local.get $step)) (i32.const 8)))
            (local.get $value${i}))))`,
        )}
        (local.set $step (i32.shr_u (local.get $step) (i32.const 1)))
        (br_if $search (i32.ge_u (local.get $step) (i32.const 8))))
      ${each(
        VALUES,
        (i) => `
      (local.set $at${i} (i32.shr_u (i32.sub (local.get $at${i}) (local.get $thresholds)) (i32.const 3)))
      (i32.store offset=${4 * i} (local.get $low) (local.get $at${i}))
      (i32.store offset=${4 * i} (local.get $high) (select
        (local.get $at${i}) (i32.const 0x7ffffffe) (f64.eq (local.get $value${i}) (local.get $value${i}))))`,
      )}
      (local.set $low (i32.add (local.get $low) (i32.const ${4 * VALUES.length})))
      (local.set $high (i32.add (local.get $high) (i32.const ${4 * VALUES.length})))
      (local.set $values (i32.add (local.get $values) (i32.const ${8 * VALUES.length})))
      (br_if $block (i32.lt_u (local.get $values) (local.get $end)))))`

/**
 * Adds to each row's sum the path length of the leaf that it reaches, tree by tree.
 *
 * `trees` to `treesEnd`: pairs of a tree's root and its depth. A node is its address, from 0, of four numbers: its rank,
 * where its column's ranks begin after `ranks`, its left successor, none; the right successor lies behind the left one. A
 * row whose rank is greater goes right; a leaf's rank is the greatest and its left successor itself, so that every row
 * takes as many steps as the tree is deep. `pathLengths`: float64, one a node. `sums`: float64, one a row.
 */
const WALK = `
  (func (export "walk")
    (param $trees i32) (param $treesEnd i32) (param $pathLengths i32) (param $ranks i32) (param $sums i32) (param $rows i32)
    (local $row i32) (local $sum i32) (local $step i32)
    ${each(ROWS, (i) => `(local $node${i} i32)`)}
    (loop $tree
      (local.set $row (local.get $ranks))
      (local.set $sum (local.get $sums))
      (loop $block
        ${each(ROWS, (i) => `(local.set $node${i} (i32.load (local.get $trees)))`)}
        (local.set $step (i32.load offset=4 (local.get $trees)))
        (block $arrived
          (br_if $arrived (i32.eqz (local.get $step)))
          (loop $steps
            ${each(
              ROWS,
              (i) => `
            (local.set $node${i} (i32.add
              (i32.load offset=8 (local.get $node${i}))
              (i32.shl
                (i32.lt_s
                  (i32.load (local.get $node${i}))
                  (i32.load offset=${4 * i} (i32.add (local.get $row) (i32.load offset=4 (local.get $node${i})))))
                (i32.const 4))))`,
            )}
            (br_if $steps (local.tee $step (i32.sub (local.get $step) (i32.const 1))))))
        ${each(
          ROWS,
          (i) => `
        (f64.store offset=${8 * i} (local.get $sum) (f64.add
          (f64.load offset=${8 * i} (local.get $sum))
          (f64.load (i32.add (local.get $pathLengths) (i32.shr_u (local.get $node${i}) (i32.const 1))))))`,
        )}
        (local.set $row (i32.add (local.get $row) (i32.const ${4 * ROWS.length})))
        (local.set $sum (i32.add (local.get $sum) (i32.const ${8 * ROWS.length})))
        (br_if $block (i32.lt_u (local.get $sum) (i32.add (local.get $sums) (i32.shl (local.get $rows) (i32.const 3))))))
      (local.set $trees (i32.add (local.get $trees) (i32.const 8)))
      (br_if $tree (i32.lt_u (local.get $trees) (local.get $treesEnd)))))`

/** The text of `src/models/forest-kernel-code.ts`. */
export async function renderKernel(): Promise<string> {
  const { parseWat } = await wabt()
  const module = parseWat('forest-kernel.wat', `(module (import "host" "memory" (memory 1)) ${RANK} ${WALK})`)
  const { buffer } = module.toBinary({})
  module.destroy()
  const code = Buffer.from(buffer).toString('base64')
  return `/** WebAssembly in base64, made by scripts/forest-kernel.ts, where it can be read. */
export const KERNEL_CODE =
${code.replace(/(.{1,110})/g, "  '$1' +\n").slice(0, -3)}
`
}

if (import.meta.main) {
  await runCommand('Usage: bun scripts/forest-kernel.ts\n\nWrites src/models/forest-kernel-code.ts.\n', async () => {
    parseOptions({ options: { help: { type: 'boolean' } } })
    await writeFile(resolve(import.meta.dir, '../src/models/forest-kernel-code.ts'), await renderKernel())
  })
}
