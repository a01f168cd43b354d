/** One slice's metrics by window; NaN where unknown or where too few requests would make it noise. */
export interface OutlierInput {
  readonly slice: number
  readonly requests: ArrayLike<number>
  /** Named columns on a scale on which their noise is roughly normal and equal: log of a median, root of a count. */
  readonly metrics: readonly {
    readonly name: string
    readonly values: Float64Array
    /** Whether a slice's value is about the mean of its parts', weighted by their requests. */
    readonly isMean: boolean
  }[]
}
