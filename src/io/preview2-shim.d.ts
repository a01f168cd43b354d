/** The part of the untyped browser build of WASI that `wasm.ts` calls (tsconfig.json points at that build). */
declare module '@bytecodealliance/preview2-shim/cli' {
  interface OutputHandler {
    write(bytes: Uint8Array): void
    blockingFlush(): void
  }
  export function _setStderr(handler: OutputHandler): void
}
