/** A history that can't be used: not there, not ours, or damaged. The message names the file. */
export class HistoryFileError extends Error {
  readonly code: 'history-missing' | 'history-damaged' | 'history-foreign'

  constructor(code: HistoryFileError['code'], message: string) {
    super(message)
    this.code = code
  }
}
