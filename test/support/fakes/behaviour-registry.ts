import type { Behaviour } from './behaviour.ts'
import { altered } from './behaviours/altered.ts'
import { answer } from './behaviours/answer.ts'
import { deep } from './behaviours/deep.ts'
import { deny } from './behaviours/deny.ts'
import { endAfter } from './behaviours/end-after.ts'
import { endless } from './behaviours/endless.ts'
import { endlessScan } from './behaviours/endless-scan.ts'
import { garbage } from './behaviours/garbage.ts'
import { halfReply } from './behaviours/half-reply.ts'
import { hangUp } from './behaviours/hang-up.ts'
import { limited } from './behaviours/limited.ts'
import { pause } from './behaviours/pause.ts'
import { refuse } from './behaviours/refuse.ts'
import { resetAfter } from './behaviours/reset-after.ts'
import { serviceTime } from './behaviours/service-time.ts'
import { silence } from './behaviours/silence.ts'
import { slowDrip } from './behaviours/slow-drip.ts'
import { stopReading } from './behaviours/stop-reading.ts'
import { surplus } from './behaviours/surplus.ts'
import { wrongType } from './behaviours/wrong-type.ts'

/** Every behaviour by its name; a fake in another process is told of them in JSON. */
export const BEHAVIOURS = {
  altered,
  answer,
  deep,
  deny,
  endAfter,
  endless,
  endlessScan,
  garbage,
  halfReply,
  hangUp,
  limited,
  pause,
  refuse,
  resetAfter,
  serviceTime,
  silence,
  slowDrip,
  stopReading,
  surplus,
  wrongType,
}

/** `{ serviceTime: { millis: 5 } }`, `{ deny: { commands: ['GET'], error: 'NOPERM ...' } }`: one name and its settings. */
export type BehaviourSpec = { readonly [Name in keyof typeof BEHAVIOURS]?: Parameters<(typeof BEHAVIOURS)[Name]>[0] }

/** In the order of the names. Throws what is no behaviour. */
export function createBehaviours(spec: BehaviourSpec): readonly Behaviour[] {
  return Object.entries(spec).map(([name, settings]) => {
    const create = BEHAVIOURS[name as keyof typeof BEHAVIOURS] as ((settings: unknown) => Behaviour) | undefined
    if (!create) throw new Error(`there is no behaviour "${name}"; there are: ${Object.keys(BEHAVIOURS).join(', ')}`)
    return create(settings)
  })
}
