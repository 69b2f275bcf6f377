import type { Fault, Undo } from './fault.ts'
import { whyNoControl } from './needs-control.ts'
import { startReversible } from './reversible.ts'

/**
 * The server's process ends as by `kill -9` and is started again at once, or after `for` where that is given. Takes
 * effect when the process is gone, and is over when the server answers again.
 */
export const restart: Fault = {
  name: 'restart',
  summary: 'kill -9 of the server, started again at once or after `for`',
  unfit: whyNoControl,
  start({ target, forNanos, over }, began) {
    const control = target.control!
    let undo: Undo | undefined
    let due = false
    const startAgain = () => {
      // On virtual time the kill is done before there is an undo to call.
      if (undo !== undefined && due) undo((error) => over?.(error))
    }
    undo = startReversible(
      (done) => control.kill(done),
      (done) => control.start(done),
      (error) => {
        began(error)
        due = forNanos === undefined
        startAgain()
      },
    )
    startAgain()
    return undo
  },
}
