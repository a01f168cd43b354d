/** Tells the states of earlier runs from logs, and reads them. */
import { posix } from 'node:path'
import { InputError } from '../logs/input-error.ts'
import type { LogSource } from '../logs/source.ts'
import { STATE_FILE, STATE_SIGN } from '../state/document.ts'
import type { State } from '../types.ts'

/** A state has well under 1 MB; more is none of ours. */
const MOST_BYTES = 32 * 1024 * 1024

/** What may say what is usual: states, and logs. */
export interface FoundBaseline {
  readonly states: readonly State[]
  readonly logs: readonly LogSource[]
}

/**
 * Reads the states among sources, which are told by their name or by how they begin.
 *
 * @param ours names of other files of a report, which are no logs where a state is beside them
 * @throws InputError when a state cannot be used
 */
export async function readStates(sources: readonly LogSource[], ours: readonly string[]): Promise<FoundBaseline> {
  const states: State[] = []
  const folders = new Set<string>()
  const others: LogSource[] = []
  for (const source of sources) {
    if (await isState(source)) {
      states.push(await parse(source.name, await readText(source)))
      folders.add(posix.dirname(source.name))
    } else others.push(source)
  }
  const isOurs = ({ name }: LogSource) => [...folders].some((folder) => ours.includes(posix.relative(folder, name)))
  return { states, logs: others.filter((source) => !isOurs(source)) }
}

async function parse(name: string, text: string): Promise<State> {
  // The check of schemas is loaded when there is something to check.
  const { parseState, StateError } = await import('../state/parse.ts')
  try {
    return parseState(text)
  } catch (cause) {
    if (!(cause instanceof StateError)) throw cause
    throw new InputError(`${name}: is no state that this version can read: ${cause.message}`, { cause })
  }
}

async function isState({ name, openAt }: LogSource): Promise<boolean> {
  if (posix.basename(name) === STATE_FILE) return true
  if (!name.endsWith('.json') || openAt === undefined) return false
  const file = await openAt()
  try {
    return new TextDecoder().decode(await file.read(0, Math.min(file.size, STATE_SIGN.length))) === STATE_SIGN
  } finally {
    await file.close()
  }
}

async function readText({ name, open }: LogSource): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of open()) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new InputError(`${name}: a state may have at most ${MOST_BYTES} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
