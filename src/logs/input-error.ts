/** Input that cannot be used. Its message is one line for the user: what, where, the rule and the value. */
export class InputError extends Error {
  override readonly name = 'InputError'
}
