import { crewContract } from '../src/run/instance/crew.contract.ts'
import { MILLISECOND } from '../src/runtime/runtime.ts'

crewContract('child processes', { virtual: false, instances: 2, lateNanos: 100 * MILLISECOND })
