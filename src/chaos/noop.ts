import type { Fault } from './fault.ts'

/** The fault that does nothing: what a run looks like when only its being watched could disturb it. */
export const noop: Fault = {
  name: 'noop',
  summary: 'does nothing; shows what a run looks like without a fault',
  unfit: () => undefined,
  start(_context, began) {
    began()
    return (ended) => ended()
  },
}
