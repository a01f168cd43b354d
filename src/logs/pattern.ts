import { InputError } from './input-error.ts'

/**
 * Regular expressions that cannot hang: no step is tried twice at the same place of the text, so that the time grows
 * with length of pattern × length of text (BitState of Cox, https://swtch.com/~rsc/regexp/regexp3.html). They have
 * literals, `.`, `[…]`, `\d \w \s` and their opposites, `( )`, `(?: )`, `(?<name> )`, `|`, `* + ? {m,n}` with `?` behind
 * them, `^` and `$`; not: references to groups, and looking ahead or behind.
 */
export interface Pattern {
  /** Names of its groups, in order. */
  readonly names: readonly string[]
  /** Texts of the named groups at the first match, `''` for those that took no part; null when there is none. */
  match(text: string): ReadonlyMap<string, string> | null
}

const LONGEST_PATTERN = 500
const MOST_STEPS = 2_000
const MOST_REPEATS = 100

type Step =
  | { readonly kind: 'character'; readonly fits: (character: string) => boolean }
  | { readonly kind: 'start' | 'end' | 'match' }
  | { readonly kind: 'save'; readonly slot: number }
  /** Continues at `first`, or else at `second`. */
  | { readonly kind: 'fork'; first: number; second: number }
  | { readonly kind: 'jump'; to: number }

/** @throws InputError when the pattern is too long, or has what such patterns have not */
export function compilePattern(source: string): Pattern {
  if (source.length > LONGEST_PATTERN) {
    throw new InputError(`a pattern must have at most ${LONGEST_PATTERN} characters, got ${source.length}`)
  }
  const { steps, names } = new Compiler(source).compile()
  return { names, match: (text) => matchSteps(steps, names, text) }
}

class Compiler {
  readonly #source: string
  readonly #steps: Step[] = []
  readonly names: string[] = []
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  compile(): { steps: readonly Step[]; names: readonly string[] } {
    this.#parseChoice()
    if (this.#at < this.#source.length) this.#fail("has a ')' too many")
    this.#add({ kind: 'match' })
    return { steps: this.#steps, names: this.names }
  }

  #fail(what: string): never {
    throw new InputError(`the pattern '${this.#source}' ${what} (at character ${this.#at + 1})`)
  }

  #add(step: Step): number {
    if (this.#steps.length >= MOST_STEPS) this.#fail(`must have at most ${MOST_STEPS} steps once it is unrolled`)
    return this.#steps.push(step) - 1
  }

  #parseChoice(): void {
    const start = this.#steps.length
    this.#parseSequence()
    if (this.#source[this.#at] !== '|') return
    this.#at++
    const first = this.#steps.splice(start)
    const fork = this.#add({ kind: 'fork', first: start + 1, second: 0 })
    this.#append(first, 1)
    const jump = this.#add({ kind: 'jump', to: 0 })
    this.#steps[fork] = { kind: 'fork', first: start + 1, second: this.#steps.length }
    this.#parseChoice()
    this.#steps[jump] = { kind: 'jump', to: this.#steps.length }
  }

  #parseSequence(): void {
    while (this.#at < this.#source.length && this.#source[this.#at] !== '|' && this.#source[this.#at] !== ')') {
      const start = this.#steps.length
      this.#parseAtom()
      this.#parseQuantifier(start)
    }
  }

  #parseAtom(): void {
    const rest = this.#source.slice(this.#at)
    if (rest[0] === '(') {
      this.#parseGroup(rest)
      return
    }
    if (rest[0] === '^' || rest[0] === '$') {
      this.#at++
      this.#add({ kind: rest[0] === '^' ? 'start' : 'end' })
      return
    }
    const [atom] = /^(?:\[\^?\]?(?:\\.|[^\]\\])*\]|\\[dDwWsS.*+?^$()[\]{}|\\/-]|[^\\[*+?{])/u.exec(rest) ?? []
    if (atom === undefined) this.#fail(`has '${rest.slice(0, 2)}', which such patterns do not have here`)
    this.#at += atom.length
    this.#add({ kind: 'character', fits: this.#compileCharacter(atom) })
  }

  /** The engine's own expression for one character: it cannot go back. */
  #compileCharacter(atom: string): (character: string) => boolean {
    try {
      const expression = new RegExp(`^${atom}$`, 'su')
      return (character) => expression.test(character)
    } catch {
      return this.#fail(`has '${atom}', which is no character class`)
    }
  }

  #parseGroup(rest: string): void {
    const [opening, name] = /^\((?:\?:|\?<([A-Za-z_]\w*)>|(?!\?))/.exec(rest) ?? []
    if (opening === undefined) this.#fail(`has '${rest.slice(0, 3)}', which such patterns do not have`)
    this.#at += opening.length
    if (name !== undefined && this.names.includes(name)) this.#fail(`has two groups called '${name}'`)
    const slot = name === undefined ? -1 : this.names.push(name) - 1
    if (slot >= 0) this.#add({ kind: 'save', slot: slot * 2 })
    this.#parseChoice()
    if (this.#source[this.#at] !== ')') this.#fail("needs a ')'")
    this.#at++
    if (slot >= 0) this.#add({ kind: 'save', slot: slot * 2 + 1 })
  }

  #parseQuantifier(start: number): void {
    const [quantifier, sign, least, comma, most] =
      /^(?:([*+?])|\{(\d{1,3})(,(\d{1,3})?)?\})\??/.exec(this.#source.slice(this.#at)) ?? []
    if (quantifier === undefined) return
    const isLazy = quantifier.length > 1 && quantifier.endsWith('?')
    const from = sign === undefined ? Number(least) : sign === '+' ? 1 : 0
    const to =
      sign === undefined ? (comma === undefined ? from : Number(most ?? Infinity)) : sign === '?' ? 1 : Infinity
    if (from > MOST_REPEATS || (to > MOST_REPEATS && to !== Infinity) || to < from) {
      this.#fail(`must repeat at most ${MOST_REPEATS} times, got '${quantifier}'`)
    }
    this.#at += quantifier.length
    if (/^[*+?{]/.test(this.#source.slice(this.#at))) this.#fail('has two quantifiers in a row')
    const body = this.#steps.splice(start)
    for (let count = 0; count < from; count++) this.#append(body, this.#steps.length - start)
    if (to === Infinity) this.#addLoop(body, start, isLazy)
    else for (let count = from; count < to; count++) this.#addOption(body, start, isLazy)
  }

  #addLoop(body: readonly Step[], start: number, isLazy: boolean): void {
    const fork = this.#addOption(body, start, isLazy, 1)
    this.#add({ kind: 'jump', to: fork })
  }

  /** The body or nothing. */
  #addOption(body: readonly Step[], start: number, isLazy: boolean, behind = 0): number {
    const fork = this.#add({ kind: 'fork', first: 0, second: 0 })
    this.#append(body, this.#steps.length - start)
    const inside = fork + 1
    const after = this.#steps.length + behind
    this.#steps[fork] = { kind: 'fork', first: isLazy ? after : inside, second: isLazy ? inside : after }
    return fork
  }

  /** Adds steps that were made for another place. */
  #append(steps: readonly Step[], shift: number): void {
    for (const step of steps) {
      if (step.kind === 'fork') this.#add({ kind: 'fork', first: step.first + shift, second: step.second + shift })
      else if (step.kind === 'jump') this.#add({ kind: 'jump', to: step.to + shift })
      else this.#add(step)
    }
  }
}

function matchSteps(
  steps: readonly Step[],
  names: readonly string[],
  text: string,
): ReadonlyMap<string, string> | null {
  const characters = [...text]
  const width = characters.length + 1
  const tried = new Uint8Array(steps.length * width)
  const stack: { readonly step: number; readonly at: number; readonly slots: readonly number[] }[] = []
  for (let start = 0; start < width; start++) {
    stack.push({ step: 0, at: start, slots: [] })
    for (let state = stack.pop(); state !== undefined; state = stack.pop()) {
      const { at, slots } = state
      const place = state.step * width + at
      if (tried[place] === 1) continue
      tried[place] = 1
      const step = steps[state.step]
      const next = state.step + 1
      switch (step.kind) {
        case 'match':
          return new Map(names.map((name, i) => [name, textOf(characters, slots[i * 2], slots[i * 2 + 1])]))
        case 'character':
          if (at < characters.length && step.fits(characters[at])) stack.push({ step: next, at: at + 1, slots })
          break
        case 'start':
          if (at === 0) stack.push({ step: next, at, slots })
          break
        case 'end':
          if (at === characters.length) stack.push({ step: next, at, slots })
          break
        case 'save': {
          const saved = slots.slice()
          saved[step.slot] = at
          stack.push({ step: next, at, slots: saved })
          break
        }
        case 'fork':
          stack.push({ step: step.second, at, slots }, { step: step.first, at, slots })
          break
        case 'jump':
          stack.push({ step: step.to, at, slots })
          break
      }
    }
  }
  return null
}

function textOf(characters: readonly string[], start: number | undefined, end: number | undefined): string {
  return start === undefined || end === undefined ? '' : characters.slice(start, end).join('')
}
