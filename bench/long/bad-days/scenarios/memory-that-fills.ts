import { cacheCounts, expectationOf, namesCount } from '../../../support/run-figures.ts'
import { finding, type Scenario } from '../scenario.ts'

export const memoryThatFills: Scenario = {
  name: 'memory-that-fills',
  seen: 'With maxmemory and noeviction 1,265 stores were refused (OOM) under a green lamp.',
  async play(stage) {
    const server = await stage.server('redis', '--maxmemory', '8mb', '--maxmemory-policy', 'noeviction')
    const played = await stage.play(
      server,
      'name: fat',
      'pattern: cache-aside',
      'with: { write_ratio: 5%, ttl: 10m, missing: 0% }',
      'keys: { count: 2k, popularity: uniform }',
      'values: { size: 20KB }',
      'load: { open: { rate: 300/s } }',
      'phases: [ { steady: 4s } ]',
      'baseline: false',
    )
    const refused = cacheCounts(played.cell).errors['OOM'] ?? 0
    const verdict = expectationOf(played.run, 'cache_errors == 0')
    return [
      finding('the memory filled during the run', refused > 0, { refused }),
      finding('refusals stand in the first lines, with code and count', namesCount(played.firstLines, 'OOM', refused), played.firstLines),
      finding('the lamp is not green', played.lamp.colour !== 'green', played.lamp),
      finding('no errors of the cache are expected unless told, and that fails', verdict?.outcome === 'fails', verdict ?? 'no such verdict'),
      finding('exit 1', played.code === 1, { code: played.code }),
    ]
  },
}
