import { createRealRuntime } from './real-runtime.ts'
import { runtimeContract } from './runtime.contract.ts'

runtimeContract('real', (seed) => createRealRuntime({ seed }))
