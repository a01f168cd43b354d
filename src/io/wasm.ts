/** Loads WebAssembly. Nothing is read before it is needed. */
import { readFile } from 'node:fs/promises'
import type { Prophet } from '@bsull/augurs/prophet'
// @ts-expect-error TypeScript finds the typings of the module's exports; 'type: file' gives its path instead.
import prophetModule from '../../node_modules/@bsull/augurs/prophet_bg.wasm' with { type: 'file' }

const prophetPath: string = prophetModule

export type ProphetClass = typeof Prophet
/** What Prophet calls to find the optimum of its posterior. */
export type ProphetOptimizer = ConstructorParameters<ProphetClass>[0]['optimizer']

let prophet: Promise<ProphetClass> | undefined
let stan: Promise<ProphetOptimizer> | undefined

/** Loads Prophet's model on the first call (0.5 MB); later calls share it. */
export function loadProphet(): Promise<ProphetClass> {
  prophet ??= startProphet()
  return prophet
}

/** Loads Stan, Prophet's own optimizer, on the first call (2.3 MB, about 0.1 s); later calls share it. */
export function loadStan(): Promise<ProphetOptimizer> {
  stan ??= startStan()
  return stan
}

async function startProphet(): Promise<ProphetClass> {
  const [module, bytes] = await Promise.all([
    import('@bsull/augurs/prophet'),
    readFile(new URL(prophetPath, import.meta.url)),
  ])
  module.initSync({ module: bytes })
  return module.Prophet
}

async function startStan(): Promise<ProphetOptimizer> {
  const [module, system] = await Promise.all([
    import('@bsull/augurs-prophet-wasmstan'),
    import('@bytecodealliance/preview2-shim/cli'),
  ])
  // Stan repeats on stderr what its error already says.
  system._setStderr({ write: () => undefined, blockingFlush: () => undefined })
  return refuseAfterTrap(module.optimizer)
}

/** After a trap the optimizer's memory is not to be trusted (later fits were seen to hang): it is not called again. */
function refuseAfterTrap(optimizer: ProphetOptimizer): ProphetOptimizer {
  let trap: WebAssembly.RuntimeError | undefined
  return {
    optimize(initial, data, options) {
      if (trap !== undefined) throw new Error('Stan is not called again after it crashed', { cause: trap })
      try {
        return optimizer.optimize(initial, data, options)
      } catch (cause) {
        if (cause instanceof WebAssembly.RuntimeError) trap = cause
        throw cause
      }
    },
  }
}
