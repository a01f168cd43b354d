/** The time that a chart shows. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** The span of a report's windows, or undefined without any. */
export function seriesSpan(time: Float64Array, windowMs: number): Span | undefined {
  return time.length === 0 ? undefined : { start: time[0], end: time[time.length - 1] + windowMs }
}

/** Where a time lies, from the plot's left edge. */
export function pixel(time: number, { start, end }: Span, width: number): number {
  return ((time - start) / (end - start)) * width
}
