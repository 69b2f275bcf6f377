import type { Stream } from '../../runtime/runtime.ts'
import { describeCount } from './describe-count.ts'
import type { KeyChooser } from './key-chooser.ts'

/** Every key is as likely as any other: the worst case for a cache smaller than the data. */
export function createUniform(count: number, stream: Stream): KeyChooser {
  return {
    count,
    description: `uniform over ${describeCount(count)}`,
    key: (index, lane = 0) => Math.floor(stream.uniform(index, lane) * count),
  }
}
