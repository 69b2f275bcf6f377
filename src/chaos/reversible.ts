import type { Undo } from './fault.ts'

type Callback = (error?: Error) => void

/**
 * Runs `begin`, tells `began`, and gives an undo that runs `restore` once, after `begin` has ended, whenever and how
 * often it is called. `restore` also runs when `begin` failed, since it may have done half of it; so it must do no
 * harm to what is as it should be.
 */
export function startReversible(begin: (done: Callback) => void, restore: (done: Callback) => void, began: Callback): Undo {
  let state: 'beginning' | 'on' | 'restoring' | 'restored' = 'beginning'
  let outcome: Error | undefined
  let waiting: Callback[] = []

  const runRestore = () => {
    state = 'restoring'
    restore((error) => {
      state = 'restored'
      outcome = error
      const told = waiting
      waiting = []
      for (const callback of told) callback(error)
    })
  }
  begin((error) => {
    if (state !== 'beginning') return
    state = 'on'
    began(error)
    // Also when `began` itself called the undo: then it is running already.
    if (waiting.length > 0 && (state as string) === 'on') runRestore()
  })
  return (ended) => {
    if (state === 'restored') {
      ended(outcome)
      return
    }
    waiting.push(ended)
    if (state === 'on') runRestore()
  }
}
