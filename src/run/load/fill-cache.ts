import { refusalOf } from '../../client/cache/outcome.ts'
import type { Client, Failure } from '../../client/client.ts'
import { type Reply, ReplyError } from '../../protocol/reply.ts'
import { MILLISECOND, type Runtime } from '../../runtime/runtime.ts'
import type { Mix } from '../../workload/mix.ts'
import { StepEnded, type StepGuard } from '../record/step-guard.ts'

/** How many commands fill the cache at a time. */
const FILL_WINDOW = 64
/** A connection that is down is made again by the client: no command is sent to it meanwhile. */
const PAUSE_NANOS = 20 * MILLISECOND

export interface FillOptions {
  readonly mix: Pick<Mix, 'fill'>
  readonly client: Client
  readonly runtime: Runtime
  /** In the order in which they are to be stored. */
  readonly keyIds: Float64Array
  readonly guard: StepGuard
}

type Heard = { readonly status: 'ok' } | { readonly status: 'fail' | 'info'; readonly failure: Pick<Failure, 'message'> & { readonly code: string } }

/**
 * Stores every key once. Not recorded: the record begins with the load. What could not be sent is sent again; a refusal
 * is not, and shows in the load. Rejects with `StepEnded` after Ctrl-C, and when more was refused than stored.
 */
export async function fillCache({ mix, client, runtime, keyIds, guard }: FillOptions): Promise<void> {
  let ended: StepEnded | undefined
  await runtime.run('fill', (task) =>
    task.wait<void>('the cache to be filled', (settle) => {
      const again: number[] = []
      let next = 0
      let underWay = 0
      let stored = 0
      let refused = 0
      let lastFailure: (Heard & { status: 'fail' | 'info' }) | undefined
      let pausing = false

      const more = () => {
        while (!pausing && !ended && underWay < FILL_WINDOW && (again.length > 0 || next < keyIds.length)) {
          try {
            guard.check()
          } catch (error) {
            if (!(error instanceof StepEnded)) throw error
            ended = error
            break
          }
          underWay++
          store(again.pop() ?? keyIds[next++]!)
        }
        if (underWay > 0 || pausing) return
        if (refused > stored) ended ??= new StepEnded(lastFailure?.failure)
        settle()
      }
      const store = (keyId: number) => {
        const told = guard.watch((heard: Heard) => {
          underWay--
          if (heard.status === 'ok') stored++
          else lastFailure = heard
          more()
        })
        client.submit(
          mix.fill(keyId),
          0,
          {
            reply(_, reply: Reply) {
              if (!(reply instanceof ReplyError)) return told({ status: 'ok' })
              refused++
              told({ status: 'fail', failure: { code: refusalOf(reply).code, message: reply.text } })
            },
            failed(_, failure) {
              again.push(keyId)
              pause()
              told({ status: failure.status, failure })
            },
          },
          keyId,
        )
      }
      const pause = () => {
        if (pausing) return
        pausing = true
        runtime.after(PAUSE_NANOS, () => {
          pausing = false
          more()
        })
      }
      more()
    }),
  )
  if (ended) throw ended
}
