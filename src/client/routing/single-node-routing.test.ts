import { routingContract } from './routing.contract.ts'
import { createSingleNodeRouting } from './single-node-routing.ts'

routingContract({ name: 'single node', create: ([node]) => createSingleNodeRouting(node!), sizes: [1], consistent: true })
