/** The target could not be reached or used: exit code 3. `hint` says what to try. Secrets never appear in it. */
export class TargetError extends Error {
  readonly code:
    | 'TARGET_UNREACHABLE'
    | 'TARGET_AUTH'
    | 'TARGET_TLS'
    | 'TARGET_WRONG_ENGINE'
    | 'TARGET_READONLY'
    | 'TARGET_MISSING_SERVER'
    | 'TARGET_UNUSABLE'
  readonly hint: string
  constructor(code: TargetError['code'], message: string, hint = '') {
    super(message)
    this.name = 'TargetError'
    this.code = code
    this.hint = hint
  }
}
