/** Puts bars with labels on as few lanes as keep them apart. */

export interface Placed<Item> {
  readonly item: Item
  readonly label: string
  /** 0 is the first lane. */
  readonly lane: number
  /** Units from the plot's left edge. */
  readonly left: number
  readonly right: number
  /** Where the label begins, or ends when it stands left of its bar. */
  readonly labelAt: number
  readonly align: 'start' | 'end'
}

export interface Lanes<Item> {
  readonly placed: readonly Placed<Item>[]
  readonly count: number
  /** Items that found no place. */
  readonly hidden: number
}

interface LaneOptions<Item> {
  readonly width: number
  readonly maxLanes: number
  /** Units from the plot's left edge. */
  readonly position: (item: Item) => { left: number; right: number }
  readonly label: (item: Item) => string
  readonly labelWidth: (label: string) => number
}

const GAP = 8
const LABEL_GAP = 5
const MIN_BAR = 5

/** Places items in the order given, each on the first lane with room for its bar and label. */
export function placeInLanes<Item>(items: readonly Item[], options: LaneOptions<Item>): Lanes<Item> {
  const lanes: { left: number; right: number }[][] = []
  const placed: Placed<Item>[] = []
  for (const item of items) {
    const { left, right } = widen(options.position(item), options.width)
    const label = options.label(item)
    const labelWidth = options.labelWidth(label)
    // Right of the bar; at the edge of the plot left of it; upon a bar that leaves no room beside it.
    const fitsRight = right + LABEL_GAP + labelWidth <= options.width
    const fitsLeft = left - LABEL_GAP - labelWidth >= 0
    const taken = fitsRight
      ? { left, right: right + LABEL_GAP + labelWidth }
      : { left: fitsLeft ? left - LABEL_GAP - labelWidth : left, right }
    const free = lanes.findIndex((lane) =>
      lane.every((o) => taken.right + GAP <= o.left || o.right + GAP <= taken.left),
    )
    const lane = free === -1 ? lanes.length : free
    if (lane >= options.maxLanes) continue
    lanes[lane] = [...(lanes[lane] ?? []), taken]
    const place = { item, lane, left, right }
    if (fitsRight) placed.push({ ...place, label, labelAt: right + LABEL_GAP, align: 'start' })
    else if (fitsLeft) placed.push({ ...place, label, labelAt: left - LABEL_GAP, align: 'end' })
    else placed.push({ ...place, label, labelAt: left + LABEL_GAP, align: 'start' })
  }
  return { placed, count: lanes.length, hidden: items.length - placed.length }
}

/** An hour in a month would be thinner than a line. */
function widen({ left, right }: { left: number; right: number }, width: number) {
  const from = Math.min(Math.max(0, left), width - MIN_BAR)
  return { left: from, right: Math.min(width, Math.max(from + MIN_BAR, right)) }
}
