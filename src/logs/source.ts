/** Something that logs can be read from. */
export interface LogSource {
  /** As the user would name it. */
  readonly name: string
  /** True when it was found in a folder: what cannot be read there is skipped with a note, not an error. */
  readonly inFolder?: boolean
  /** Its bytes; may be called once. */
  open(): AsyncIterable<Uint8Array>
}
