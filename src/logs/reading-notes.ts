/** Files that a sentence names; the others are counted. */
const MOST_NAMED = 3

/** Sentences about files; equal ones about several files become one. */
export class ReadingNotes {
  readonly #filesOfNote = new Map<string, string[]>()

  /** @param file `''` for none */
  add(sentence: string, file = ''): void {
    const files = this.#filesOfNote.get(sentence)
    if (files === undefined) this.#filesOfNote.set(sentence, [file])
    else files.push(file)
  }

  render(): string[] {
    return [...this.#filesOfNote].map(([sentence, files]) => renderNote(sentence, files))
  }
}

function renderNote(sentence: string, files: readonly string[]): string {
  const named = files.filter((file) => file !== '')
  if (named.length === 0) return sentence
  const more = named.length - MOST_NAMED
  const subject = named.slice(0, MOST_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '')
  return `${subject}: ${sentence}`
}
