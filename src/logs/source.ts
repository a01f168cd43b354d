/** Something that logs can be read from. */
export interface LogSource {
  /** As the user would name it. */
  readonly name: string
  /** True when it was found in a folder: what cannot be read there is skipped with a note, not an error. */
  readonly inFolder?: boolean
  /** How many bytes it has, where that is known: a hint, which may be wrong. */
  readonly size?: number
  /** Its bytes; may be called once. */
  open(): AsyncIterable<Uint8Array>
  /** Reads any part of it, where it can be: an archive's table of contents stands at its end. */
  openAt?(): Promise<RandomAccess>
}

/** Bytes that can be read in any order. */
export interface RandomAccess {
  /** How many there are. */
  readonly size: number
  /** Bytes [start, end). */
  read(start: number, end: number): Promise<Uint8Array>
  close(): Promise<void>
}
