import type { Scenario } from './scenario.ts'
import { aclOfOtherKeys } from './scenarios/acl-of-other-keys.ts'
import { backlogOfTheWarmUp } from './scenarios/backlog-of-the-warm-up.ts'
import { coldWarmUp } from './scenarios/cold-warm-up.ts'
import { connectionsOfInstances } from './scenarios/connections-of-instances.ts'
import { deadInstance } from './scenarios/dead-instance.ts'
import { killedPrimary } from './scenarios/killed-primary.ts'
import { killedRun } from './scenarios/killed-run.ts'
import { lateGeneratorBesideAFault } from './scenarios/late-generator-beside-a-fault.ts'
import { memoryThatFills } from './scenarios/memory-that-fills.ts'
import { meteredChildren } from './scenarios/metered-children.ts'
import { ownReadBack } from './scenarios/own-read-back.ts'
import { pauseBeyondTheDeadline } from './scenarios/pause-beyond-the-deadline.ts'
import { pipelineOfSixteen } from './scenarios/pipeline-of-sixteen.ts'
import { starvedGenerator } from './scenarios/starved-generator.ts'
import { stoppedInstances } from './scenarios/stopped-instances.ts'
import { stoppedServer } from './scenarios/stopped-server.ts'
import { timeoutsAreErrors } from './scenarios/timeouts-are-errors.ts'
import { tripsOfAMix } from './scenarios/trips-of-a-mix.ts'

/** Every bad day, in the order in which they are played. */
export const SCENARIOS: readonly Scenario[] = [
  killedPrimary,
  timeoutsAreErrors,
  pauseBeyondTheDeadline,
  tripsOfAMix,
  ownReadBack,
  aclOfOtherKeys,
  memoryThatFills,
  stoppedInstances,
  meteredChildren,
  starvedGenerator,
  stoppedServer,
  lateGeneratorBesideAFault,
  backlogOfTheWarmUp,
  killedRun,
  coldWarmUp,
  deadInstance,
  pipelineOfSixteen,
  connectionsOfInstances,
]
