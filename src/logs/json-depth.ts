/** Deeper values are no log records: reading them needs a stack as deep as they are. */
export const DEEPEST_JSON = 64
export const TOO_DEEP = `JSON must not be nested deeper than ${DEEPEST_JSON}`

const QUOTE = 34
const BACKSLASH = 92

/** Whether a JSON text nests deeper than `DEEPEST_JSON`: told before parsing, so that every engine refuses the same. */
export function isTooDeep(text: string): boolean {
  if (!hasManyBrackets(text)) return false
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (inString) {
      if (code === BACKSLASH) index++
      else if (code === QUOTE) inString = false
    } else if (code === QUOTE) inString = true
    else if (code === 123 || code === 91) {
      if (++depth > DEEPEST_JSON) return true
    } else if (code === 125 || code === 93) depth--
  }
  return false
}

/** Most texts have too few brackets to be deep at all, and searching is far faster than scanning. */
function hasManyBrackets(text: string): boolean {
  let brackets = 0
  for (const bracket of '{[') {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) {
      if (++brackets > DEEPEST_JSON) return true
    }
  }
  return false
}
