/** What was asked for makes no sense: exit code 2. */
export class UsageError extends Error {
  readonly hint: string
  constructor(message: string, hint = '') {
    super(message)
    this.name = 'UsageError'
    this.hint = hint
  }
}
