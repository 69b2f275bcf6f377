import { crewContract } from '../src/run/instance/crew.contract.ts'

crewContract('child processes', { virtual: false, instances: 2 })
