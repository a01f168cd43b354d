/** Logs for the tests: a quiet day of five requests a minute, in which something may go wrong for an hour. */
const START = Date.UTC(2026, 4, 5)
const MINUTES = 24 * 60
const TROUBLE = { from: 720, to: 780 }

interface Names {
  readonly service?: string
  readonly path?: string
  readonly region?: string
}

/** Nothing happens. */
export function cleanLog(): string {
  return log(() => ({ status: 200 }))
}

/** Two in five requests fail with 500. */
export function failingLog(names: Names = {}): string {
  return log((isTrouble) => ({ status: isTrouble ? 500 : 200 }), names)
}

/** Two in five requests answer 200 with an error in the body. */
export function silentLog(names: Names = {}, body = '{"error":"declined"}'): string {
  return log((isTrouble) => ({ status: 200, body: isTrouble ? body : '{"ok":true}' }), names)
}

/** The first hours of the day, before anything happens. */
export function morningLog(names: Names): string {
  return log(() => ({ status: 200, body: '{"ok":true}' }), names, 180)
}

function log(
  answer: (isTrouble: boolean) => { status: number; body?: string },
  names: Names = {},
  minutes = MINUTES,
): string {
  const lines = Array.from({ length: minutes * 5 }, (_, i) => {
    const minute = i / 5
    const isAffected = i % 5 < 2
    const { status, body = '' } = answer(isAffected && minute >= TROUBLE.from && minute < TROUBLE.to)
    const cells = [
      new Date(START + minute * 60_000).toISOString(),
      status,
      20 + ((i * 7919) % 31),
      isAffected ? (names.service ?? 'checkout') : 'catalog',
      isAffected ? (names.path ?? '/orders') : '/items',
      isAffected ? (names.region ?? 'eu-west-1') : 'us-east-1',
      body,
    ]
    return cells.map(quote).join(',')
  })
  return `timestamp,status,duration_ms,service,path,region,response_body\n${lines.join('\n')}\n`
}

function quote(cell: string | number): string {
  return /[",\n\r]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell)
}
