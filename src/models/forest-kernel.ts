/** The forest's inner loops, in WebAssembly: pure computing on a piece of memory, the same bits in every engine. */
import { KERNEL_CODE } from './forest-kernel-code.ts'

/** Its functions; all arguments are addresses or numbers of bytes. `scripts/forest-kernel.ts` says what they do. */
export interface Kernel {
  rank(values: number, end: number, thresholds: number, half: number, low: number, high: number): void
  walk(trees: number, treesEnd: number, pathLengths: number, ranks: number, sums: number, rows: number): void
}

/** Rows that the kernel walks at once: its arrays hold a multiple of it. */
export const KERNEL_ROWS = 8

const PAGE_BYTES = 65_536
/** The kernel beside the memory that it works on. */
interface Bench {
  readonly kernel: Kernel
  readonly memory: ArrayBuffer
}

/** Compiled for the first forest: it is always the same code. */
let compiled: WebAssembly.Module | null = null
/** Serves again, for engines have room for few memories at a time. */
let kept: Bench | null = null

/** @returns the kernel, and at least `bytes` of its memory, with anything in it; both are the caller's until the next call */
export function startKernel(bytes: number): Bench {
  if (kept !== null && kept.memory.byteLength >= bytes) return kept
  compiled ??= new WebAssembly.Module(Uint8Array.from(atob(KERNEL_CODE), (character) => character.charCodeAt(0)))
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE_BYTES) })
  // What a module exports is known to who wrote it alone.
  const kernel = new WebAssembly.Instance(compiled, { host: { memory } }).exports as unknown as Kernel
  kept = { kernel, memory: memory.buffer }
  return kept
}
