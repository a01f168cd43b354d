/** Figures as text: three digits, with their unit. */

export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–'
  const size = Math.abs(seconds)
  if (size >= 1) return `${digits(seconds)} s`
  if (size >= 1e-3) return `${digits(seconds * 1e3)} ms`
  return size >= 1e-6 ? `${digits(seconds * 1e6)} µs` : `${digits(seconds * 1e9)} ns`
}

export function formatMb(mb: number): string {
  if (!Number.isFinite(mb)) return '–'
  return mb >= 1000 ? `${digits(mb / 1000)} GB` : `${digits(mb)} MB`
}

export function formatRows(rows: number): string {
  return rows >= 1e6 ? `${rows / 1e6} million` : rows.toLocaleString('en-US')
}

/** Three digits, more before the point where there are more. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  return value.toFixed(size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2)
}

/** A table of GitHub's Markdown: the first column to the left, figures to the right. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')
}
