/**
 * Masks secrets and personal data in text that leaves the machine. Every pattern is anchored so that it starts at most
 * once per run of its characters, or is bounded: the whole takes time linear in the text.
 */

interface Rule {
  readonly what: string
  readonly pattern: RegExp
  /** The replacement, or undefined when the match only looks like it. */
  readonly mask: (match: string, before: string) => string | undefined
}

/** Real text needs two, random text of nothing but such parts four; the limit keeps the time linear. */
const MAX_PASSES = 8

const RULES: readonly Rule[] = [
  {
    what: 'user and password of a URL',
    pattern: /(:\/\/)[^\s/?#@"'<>[\]]{1,256}@/g,
    mask: (_, scheme) => `${scheme}[secret]@`,
  },
  {
    what: 'credentials of an authorization header',
    pattern: /\b((?:Bearer|Basic|Digest|ApiKey|Negotiate)\s{1,4})[\w.~+/=-]+/gi,
    mask: (match, scheme) => (/^[a-z]{1,15}$/.test(match.slice(scheme.length)) ? undefined : `${scheme}[token]`),
  },
  {
    what: 'cookie header',
    pattern: /(\b(?:set-)?cookie["']?\s{0,4}[:=]\s{0,4}["']?)[^\r\n"'<>]+/gi,
    mask: (_, name) => `${name}[secret]`,
  },
  {
    what: 'value of a field that is named like a secret',
    pattern:
      /((?:passw(?:or)?d|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|authorization|credential|session[_-]?id|signature)[\w-]{0,32}\\?["']?\s{0,4}[:=]\s{0,4})(?:\\"(?:[^"\\]|\\[^"])*(?:\\")?|"(?:[^"\\]|\\[\s\S])*"?|'[^']*'?|\[(?:secret|token|query|email|ip|card)\]|[^\s&,;"'}\])<>|]+)/gi,
    mask: (match, name) => maskValue(match, name),
  },
  { what: 'query string', pattern: /\?(?![\s?.,;:!)"'[\]])[^\s"'<>|`\\]+/g, mask: () => '?[query]' },
  { what: 'JSON web token', pattern: /(?<![\w-])eyJ[\w-]{4,}\.[\w.-]{4,}/g, mask: () => '[token]' },
  {
    what: 'key with a well-known prefix',
    pattern:
      /(?<![\w-])(?:sk|pk|rk|gh[opsur]|github_pat|glpat|xox[abeoprs]|npm|dop_v1|hf|shp(?:at|ss|ca|pa))[_-][\w-]{16,}|(?<![\w-])(?:AKIA|ASIA)[0-9A-Z]{16}(?!\w)|(?<![\w-])AIza[\w-]{30,}/g,
    mask: (match) => (/\d/.test(match) ? '[token]' : undefined),
  },
  {
    what: 'e-mail address',
    pattern: /(?<![^\s@<>()[\]"',;:|=/?&\\])[^\s@<>()[\]"',;:|=/?&\\]+(?:@|%40)(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}/gu,
    mask: () => '[email]',
  },
  {
    what: 'IPv6 address',
    pattern:
      /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,8}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4})(?![\w:]|\.\d)(?:%\w{1,16})?/gi,
    mask: (match) => (isIpv6(match) ? '[ip]' : undefined),
  },
  {
    what: 'IPv4 address',
    pattern: /(?<![\w.])(?:ip-)?\d{1,3}(?:\.\d{1,3}){3}(?!\w|\.\d)|(?<!\w)ip-\d{1,3}(?:-\d{1,3}){3}(?!\w)/g,
    mask: (match) => ((match.match(/\d+/g) ?? []).every((part) => Number(part) <= 255) ? '[ip]' : undefined),
  },
  {
    what: 'payment card number',
    pattern: /(?<![\w.])\d(?:[ -]?\d){12,18}(?![\w.])/g,
    mask: (match) => (isCard(match.replace(/\D/g, '')) ? '[card]' : undefined),
  },
  { what: 'long hexadecimal key', pattern: /(?<!\w)(?:0x)?[0-9a-f]{32,}(?!\w)/gi, mask: () => '[token]' },
  {
    what: 'padded base64',
    pattern: /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{22,}={1,2}(?![\w=])/g,
    mask: () => '[token]',
  },
  {
    what: 'long random key',
    pattern: /(?<![\w+-])[\w+-]{32,}/g,
    mask: (match) => (looksRandom(match) ? '[token]' : undefined),
  },
]

/**
 * The text with query strings, tokens, keys, passwords, e-mail addresses, IP addresses and card numbers masked. Masking
 * twice changes nothing more. Routes, times, versions such as 1.4.2 and UUIDs stay.
 */
export function redact(text: string): string {
  // A mask can lay bare what its neighbour hid (an address right before a token): pass until nothing changes.
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const before = text
    for (const { pattern, mask } of RULES) {
      text = text.replace(pattern, (match: string, group: unknown) => {
        return mask(match, typeof group === 'string' ? group : '') ?? match
      })
    }
    if (text === before) break
  }
  return text
}

/** Keeps a field's name and the quotes of its value, so that the text around it stays readable. */
function maskValue(match: string, name: string): string | undefined {
  const value = match.slice(name.length)
  // `Authorization: Bearer [token]` is done, and says more than `Authorization: [secret] [token]`.
  if (/^(?:Bearer|Basic|Digest|ApiKey|Negotiate)$/i.test(value)) return undefined
  const open = /^(?:\\"|"|')/.exec(value)?.[0] ?? ''
  const closed = open !== '' && value.length >= 2 * open.length && value.endsWith(open)
  return `${name}${open}[secret]${closed ? open : ''}`
}

/** An address has `::` once, or eight groups; a clock time (10:00:00) has neither. */
function isIpv6(text: string): boolean {
  const address = text.replace(/%.*$/, '')
  if (!/\d/.test(address) || address.includes(':::')) return false
  const groups = address.split(':').filter((group) => group !== '')
  const length = groups.length + (address.includes('.') ? 1 : 0)
  const compressed = address.split('::').length - 1
  if (compressed > 1) return false
  return compressed === 1 ? length <= 7 : length === 8 && !address.startsWith(':') && !address.endsWith(':')
}

/** The issuer ranges of ISO/IEC 7812 in use, and Luhn's check digit; so that ids and epoch times stay. */
function isCard(digits: string): boolean {
  if (!/^(?:3|4|5|6|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/.test(digits)) return false
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/**
 * Of random base64 characters 16 % are digits and 41 % capitals, and 64 % differ in kind from the next. Names in camel
 * or kebab case rarely have a tenth of digits or three tenths of capitals.
 */
function looksRandom(text: string): boolean {
  const digits = text.match(/\d/g)?.length ?? 0
  const capitals = text.match(/[A-Z]/g)?.length ?? 0
  const changes = text.match(/[a-z](?=[A-Z\d])|[A-Z](?=[a-z\d])|\d(?=[A-Za-z])/g)?.length ?? 0
  const isMixed = digits >= 2 && capitals >= 1 && changes >= 0.4 * text.length
  return isMixed && (digits >= 0.1 * text.length || capitals >= 0.3 * text.length)
}
