/**
 * Log fields are written by whoever sends requests. Here they become text that a page or terminal shows and never obeys.
 */

/** Control, format (bidi, zero width, tags), surrogate and line-separator characters, and letters that draw nothing. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/gu

/** The text with every character that cannot be seen made visible: `␊` for a line feed, `<U+202E>` for a bidi override. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20) return String.fromCodePoint(0x2400 + code)
    if (code === 0x7f) return '␡'
    return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
  })
}

/** At most `maxLength` code points; a cut is marked by an ellipsis. */
export function truncate(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  // A code point takes at most two units, so this slice holds more than maxLength of them unless it is the whole text.
  const characters = Array.from(text.slice(0, maxLength * 2 + 2))
  return characters.length <= maxLength ? text : `${characters.slice(0, maxLength - 1).join('')}…`
}

/**
 * A Markdown code span that holds exactly this text: its fence is longer than any run of backticks within, and what
 * cannot be seen is made visible. Inside a span GitHub makes no mentions, references, links or HTML.
 *
 * @param table true inside a table row, where `|` must be escaped. A backslash before it would escape the escape, so a
 * word joiner keeps them apart.
 */
export function codeSpan(text: string, { maxLength = 200, table = false } = {}): string {
  let content = truncate(visible(text), maxLength)
  if (content.trim() === '') return '(empty)'
  if (table) content = content.replace(/(\\?)\|/g, (_, backslash) => (backslash ? '\\\u2060\\|' : '\\|'))
  const longestRun = (content.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)
  const fence = '`'.repeat(longestRun + 1)
  const padding = content.startsWith('`') || content.endsWith('`') ? ' ' : ''
  return `${fence}${padding}${content}${padding}${fence}`
}

/** The same for places where Markdown is not parsed, such as a `<summary>` line: an HTML code element. */
export function htmlCode(text: string, maxLength = 200): string {
  return `<code>${escapeHtml(truncate(visible(text), maxLength))}</code>`
}

/** Text for HTML and SVG content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Words and numbers that Markdown and GitHub leave alone, with the punctuation around them. */
const PLAIN_WORD =
  /^[("“‘']*(?:\p{L}[\p{L}\p{N}]*(?:['’–-]\p{L}+)*|[+−±×–]?\p{N}+(?:[.,]\p{N}+)*[\p{L}%]*|\d{4}-\d\d-\d\d|\d\d?:\d\d(?::\d\d)?(?:–\d\d?:\d\d(?::\d\d)?)?|e\.g|i\.e|[·×±–—%=])[)"”’']*[.,;:!?]*[)"”]*$/u
/** What GitHub would link: a commit, or an issue of a tracker (`GH-1` never gets here, its digits follow a dash). */
const COMMIT = /^(?=.*\d)(?=.*[a-f])[0-9a-f]{7,64}$/i
/** A first word that would begin an ordered list. */
const LIST_MARKER = /^\p{N}+[.)]$/u

/**
 * A sentence of ours that quotes log fields, as Markdown outside of tables: the named values, what stands between
 * backticks, and every word that is not a plain word or number become code spans.
 *
 * @param values log fields that the sentence is known to quote, so that one with spaces stays in one span
 */
export function prose(text: string, values: readonly string[] = [], maxLength = 2_000): string {
  const quoted = values
    .map(visible)
    .filter((value) => value.trim() !== '' && !isPlain(value))
    .sort((a, b) => b.length - a.length)
  return proseParts(truncate(visible(text).trim(), maxLength), quoted).trim()
}

function proseParts(text: string, quoted: readonly string[]): string {
  const [value, ...rest] = quoted
  if (value === undefined) return proseWords(text)
  const [head = '', ...pieces] = text.split(value).map((piece) => proseParts(piece, rest))
  return pieces.reduce((before, piece) => join(join(before, codeSpan(value)), piece), head)
}

/** What a sentence marks as code: a name between backticks, after a blank. */
const MARKED = /(?<!\S)`([^\s`](?:[^`]*[^\s`])?)`/

/** What is marked as code stays in one span. */
function proseWords(text: string): string {
  return text
    .split(MARKED)
    .map((piece, at) => {
      if (at % 2 === 1) return codeSpan(piece)
      const words = piece.split(' ')
      return words
        .map((word, index) => (index === 0 && LIST_MARKER.test(word) ? codeSpan(word) : proseWord(word)))
        .join(' ')
    })
    .reduce(join)
}

/** Two fences that touch would be one longer fence, and close nothing. */
function join(before: string, after: string): string {
  return before.endsWith('`') && after.startsWith('`') ? `${before} ${after}` : before + after
}

function isPlain(word: string): boolean {
  return PLAIN_WORD.test(word) && !COMMIT.test(word)
}

function proseWord(word: string): string {
  if (isPlain(word) || /^[)"”’.,;:!?]*$/u.test(word)) return word
  const [, before = '', core = '', after = ''] = /^([("“‘]*)(.*?)([)"”’.,;:!?]*)$/u.exec(word) ?? []
  return core === '' ? codeSpan(word) : `${before}${codeSpan(core)}${after}`
}

/** Text inside a quoted Mermaid label: letters, digits and harmless punctuation only, because quotes have no escape. */
export function mermaidLabel(text: string, maxLength = 80): string {
  return truncate(text.replace(/[^\p{L}\p{N} .,:·%/()–-]/gu, ' ').replace(/ {2,}/g, ' '), maxLength).trim()
}

/**
 * Text for a terminal or a workflow log: no control characters, and nothing that the runner takes for a command
 * (`##[error]` anywhere in a line, `::error::` at its start).
 */
export function terminalText(text: string): string {
  return visible(text)
    .replaceAll('##[', '# #[')
    .replace(/^(\s*):(?=:)/, '$1: ')
}
