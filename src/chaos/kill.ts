import type { Fault } from './fault.ts'
import { whyNoControl } from './needs-control.ts'
import { startReversible } from './reversible.ts'

/**
 * The server's process ends as by `kill -9`, and is started again by the undo with what its persistence kept. Takes
 * effect when the process is gone. If we die meanwhile nothing is left over: the reaper ends what we started.
 */
export const kill: Fault = {
  name: 'kill',
  summary: 'kill -9 of the server; started again after `for`, or at the end of the run',
  unfit: whyNoControl,
  start({ target }, began) {
    const control = target.control!
    return startReversible(
      (done) => control.kill(done),
      (done) => control.start(done),
      began,
    )
  },
}
