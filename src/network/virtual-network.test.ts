import { createRealRuntime } from '../runtime/real-runtime.ts'
import { MILLISECOND } from '../runtime/runtime.ts'
import { createVirtualRuntime } from '../runtime/virtual-runtime.ts'
import { type NetworkSubject, networkContract } from './network.contract.ts'
import { VirtualNetwork, type VirtualNetworkOptions } from './virtual-network.ts'

function subject(options: Omit<VirtualNetworkOptions, 'runtime'> = {}, differs: Partial<NetworkSubject> = {}): NetworkSubject {
  const runtime = createVirtualRuntime({ seed: 1 })
  const network = new VirtualNetwork({ runtime, ...options })
  return {
    runtime,
    server: network.host('server'),
    client: network.host('client'),
    address: () => ({ host: 'server', port: 0 }),
    nobody: { host: 'server', port: 1 },
    unknownName: 'nobody.invalid',
    encryption: 'none',
    close: () => {},
    ...differs,
  }
}

networkContract('virtual', () => subject())
networkContract('virtual, TLS', () => subject({}, { encryption: 'modelled', listening: { tls: {} }, dialling: { tls: {} } }))
networkContract('virtual, a bad link', () =>
  subject({ link: { delay: { medianNanos: 2 * MILLISECOND, p99Nanos: 40 * MILLISECOND }, loss: 0.2, bytesPerSecond: 50_000_000 } }),
)
networkContract('virtual, small buffers', () => subject({ tcp: { sendBufferBytes: 3_000, receiveBufferBytes: 2_000 } }))
networkContract('virtual, on real time', () => {
  const runtime = createRealRuntime({ seed: 1 })
  const network = new VirtualNetwork({ runtime })
  return { ...subject(), runtime, server: network.host('server'), client: network.host('client'), close: () => runtime.close() }
})
