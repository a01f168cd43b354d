/** What a scenario family of the scoreboard is: what is planted where, in what kind of log. */
import type { EventSpecification } from '../../src/logs/generate-events.ts'
import type { LogForm } from '../../src/logs/generate-text.ts'
import { type Cell, WEB_SHOP, type World } from '../../src/logs/generate-world.ts'
import type { Random } from '../../src/math/random.ts'

export const HOUR = 3_600_000
export const DAY = 24 * HOUR
/** A Monday. */
export const START = Date.UTC(2026, 2, 2)

/** An event whose size is yet to be chosen, so that it carries a given evidence. */
export interface Plan extends Omit<EventSpecification, 'size'> {
  /** Bounds of the size; the evidence picks one between them. Equal bounds fix it. */
  readonly sizes: readonly [weakest: number, strongest: number]
}

export interface Family {
  readonly name: string
  readonly rows: number
  readonly days: number
  readonly form: LogForm
  readonly world: World
  /** What is planted and must be found. */
  plan(random: Random): readonly Plan[]
  /** What happens besides and is normal: it must not be found. */
  readonly harmless: readonly EventSpecification[]
  /** A second, clean log of the same world is given as baseline. */
  readonly baseline: boolean
  /** How a silent failure shows. */
  readonly sign: 'flag' | 'body' | 'size'
  /** Records that come from another world of the same names, in a family without incidents. */
  readonly change?: { readonly world: World; readonly touches: (time: number, cell: Cell) => boolean }
}

/** What families share unless they say otherwise: two weeks of a web shop's traffic as our own CSV. */
export const BASE = {
  rows: 50_000,
  days: 14,
  form: 'csv',
  world: WEB_SHOP,
  harmless: [],
  baseline: false,
  sign: 'flag',
} as const
