import type { Stream } from '../../runtime/runtime.ts'
import type { KeysSpec } from '../workload.ts'
import { createHotspot } from './hotspot.ts'
import type { KeyChooser } from './key-chooser.ts'
import { createLatest } from './latest.ts'
import { createUniform } from './uniform.ts'
import { createZipf } from './zipf.ts'

/** The chooser a workload asks for. `stream` is the cell's: two cells with one seed choose the same keys. */
export function createKeyChooser(spec: KeysSpec, stream: Stream): KeyChooser {
  const { count, popularity } = spec
  switch (popularity.kind) {
    case 'zipf':
      return createZipf(count, popularity.exponent, stream)
    case 'uniform':
      return createUniform(count, stream)
    case 'hotspot':
      return createHotspot(count, popularity, stream)
    case 'latest':
      return createLatest(count, popularity.exponent, stream)
  }
}
