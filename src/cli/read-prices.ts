import { z } from 'zod'
import type { Prices } from '../measure/prices.ts'
import { UsageError } from '../runtime/usage-error.ts'
import { issueToProblems } from '../workload/file/issue-to-problems.ts'
import { parseYamlMapping, placeProblems, type YamlFileKind } from '../workload/file/parse-yaml-mapping.ts'
import { readSpecText } from '../workload/file/read-workload-file.ts'
import { formatSpecError, type SpecError } from '../workload/file/spec-error.ts'

const price = z.number().min(0).optional()

const FILE = z.strictObject({
  currency: z.string().min(1).max(8),
  cache_memory_per_gb_hour: price,
  database_reads_per_million: price,
  database_writes_per_million: price,
})

const EXAMPLE = 'a mapping such as\n    currency: EUR\n    cache_memory_per_gb_hour: 0.02\n    database_reads_per_million: 0.2'
const KIND: YamlFileKind = { name: 'price file', leastOfIt: 'a currency and at least one price', example: EXAMPLE }

/** A file of prices, in YAML or JSON. Throws `UsageError` with everything that is wrong in it, and where. */
export function readPrices(path: string): Prices {
  const read = readSpecText(path, 'a file of prices in YAML or JSON')
  if (!read.ok) return refuse([read.error])
  const parsed = parseYamlMapping(read.text, path, KIND)
  if (!parsed.ok) return refuse(parsed.errors)
  const { value, map } = parsed
  const checked = FILE.safeParse(value)
  if (!checked.success)
    return refuse(
      placeProblems(
        checked.error.issues.flatMap((issue) => issueToProblems(issue, FILE, value)),
        path,
        map,
      ),
    )
  const { currency, cache_memory_per_gb_hour: memory, database_reads_per_million: reads, database_writes_per_million: writes } = checked.data
  if (memory === undefined && reads === undefined && writes === undefined) {
    return refuse([{ source: path, path: '', message: 'nothing in it has a price', expected: EXAMPLE, frame: [] }])
  }
  return {
    currency,
    ...(memory !== undefined && { memoryPerGigabyteHour: memory }),
    ...(reads !== undefined && { readsPerMillion: reads }),
    ...(writes !== undefined && { writesPerMillion: writes }),
  }
}

function refuse(errors: readonly SpecError[]): never {
  throw new UsageError(`--price: ${errors.map(formatSpecError).join('\n')}`)
}
