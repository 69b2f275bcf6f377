/** The command can't be sent as it is without breaking the stream for those behind it. A programmer's or caller's error; nothing was written. */
export class CommandError extends Error {
  readonly code = 'COMMAND'
  constructor(message: string) {
    super(message)
    this.name = 'CommandError'
  }
}
