import type { Category, Severity } from '../../types.ts'

/** Okabe and Ito (2008), "Color Universal Design": told apart with every kind of colour vision. */
export const COLOURS = {
  orange: '#E69F00',
  skyBlue: '#56B4E9',
  green: '#009E73',
  blue: '#0072B2',
  vermillion: '#D55E00',
  purple: '#CC79A7',
  black: '#1A1A1A',
  grey: '#8A8A8A',
} as const

export const CATEGORY_COLOURS: Readonly<Record<Category, string>> = {
  silent_failure: COLOURS.purple,
  error_spike: COLOURS.vermillion,
  traffic_drop: COLOURS.blue,
  traffic_surge: COLOURS.skyBlue,
  latency_surge: COLOURS.orange,
  outlier: COLOURS.green,
}

/** The word always stands beside the colour. */
export const SEVERITY_COLOURS: Readonly<Record<Severity, string>> = {
  critical: COLOURS.vermillion,
  high: COLOURS.orange,
  medium: COLOURS.skyBlue,
  low: COLOURS.grey,
}
