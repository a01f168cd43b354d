import type { Coded } from '../types.ts'

/** A text column as a state has it; `values[0]` is `''`. */
export interface CodedJson {
  readonly values: readonly string[]
  readonly codes: readonly number[]
}

/** Texts → codes, numbered in order of first use. */
export function encode(texts: readonly string[]): CodedJson {
  const values = ['']
  const codeOf = new Map([['', 0]])
  const codes = texts.map((text) => {
    let code = codeOf.get(text)
    if (code === undefined) {
      code = values.length
      codeOf.set(text, code)
      values.push(text)
    }
    return code
  })
  return { values, codes }
}

/** Codes → texts. */
export function decode({ values, codes }: Coded | CodedJson): string[] {
  return Array.from(codes, (code) => values[code])
}

/** Whether a column has so many rows, its codes have values, and `''` comes first, as everybody relies on. */
export function isSound({ values, codes }: CodedJson, rows: number): boolean {
  return codes.length === rows && values[0] === '' && codes.every((code) => code < values.length)
}
