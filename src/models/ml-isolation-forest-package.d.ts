/** The part of the untyped package that its adapter calls. */
declare module 'ml-isolation-forest' {
  export class IsolationForest {
    constructor(options: { readonly nEstimators: number })
    train(rows: readonly (readonly number[])[]): void
    predict(rows: readonly (readonly number[])[]): number[]
  }
}
