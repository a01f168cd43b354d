/** Loads WebAssembly. Paths are bundled as files; nothing is read before it is needed. */
import { readFile } from 'node:fs/promises'
import type { Prophet } from '@bsull/augurs/prophet'
import prophetPath from '../../node_modules/@bsull/augurs/prophet_bg.wasm' with { type: 'file' }

/** Prophet's model and the Stan optimizer that it needs. */
export interface ProphetEngine {
  readonly Prophet: typeof Prophet
  readonly optimizer: ConstructorParameters<typeof Prophet>[0]['optimizer']
}

let engine: Promise<ProphetEngine> | undefined

/** Loads Prophet on the first call (about 0.1 s); later calls share it. */
export function loadProphet(): Promise<ProphetEngine> {
  engine ??= startProphet()
  return engine
}

async function startProphet(): Promise<ProphetEngine> {
  const [prophet, stan, bytes] = await Promise.all([
    import('@bsull/augurs/prophet'),
    import('@bsull/augurs-prophet-wasmstan'),
    readFile(new URL(prophetPath, import.meta.url)),
  ])
  prophet.initSync({ module: bytes })
  return { Prophet: prophet.Prophet, optimizer: stan.optimizer }
}
