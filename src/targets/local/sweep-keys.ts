import { type NameRange, namesInPieces } from '../name-range.ts'
import { ProbeReplyError, RespProbe } from '../probe/resp-probe.ts'
import type { SweepEndpoint } from './undo-entry.ts'

const TIME_LIMIT_MILLIS = 20_000
const EXCHANGE_MILLIS = 5_000
const BATCH = '500'

/**
 * Deletes the keys that begin with `prefix` at a Redis or Valkey endpoint: SCAN with MATCH and UNLINK, nothing that
 * reaches beyond those keys. Resolves to how many were deleted. Stops after 20 s; what is left then has its TTL. A user
 * who may not list keys deletes those of the given names, one who has no UNLINK by DEL.
 *
 * Keys whose names aren't valid UTF-8 are not found by name; ours are plain text.
 */
export async function sweepKeys(endpoint: SweepEndpoint, prefix: string, names: readonly NameRange[] = []): Promise<number> {
  if (prefix === '') throw new Error('refusing to sweep without a prefix')
  const probe = await RespProbe.open(endpoint, EXCHANGE_MILLIS)
  let deleted = 0
  try {
    const refused = await probe.login(endpoint)
    if (refused !== undefined) throw new Error(refused.text)
    const until = Date.now() + TIME_LIMIT_MILLIS
    let cursor = '0'
    do {
      const page = await probe.call('SCAN', cursor, 'MATCH', `${escapeGlob(prefix)}*`, 'COUNT', BATCH)
      if (page instanceof ProbeReplyError && names.length > 0) return await deleteByName(probe, names, until)
      if (!Array.isArray(page)) throw new Error(page instanceof ProbeReplyError ? page.text : 'SCAN gave no page')
      cursor = String(page[0])
      const keys = (page[1] as string[]).filter((key) => key.startsWith(prefix))
      if (keys.length > 0) deleted += await remove(probe, keys)
    } while (cursor !== '0' && Date.now() < until)
  } finally {
    probe.close()
  }
  return deleted
}

async function deleteByName(probe: RespProbe, names: readonly NameRange[], untilMillis: number): Promise<number> {
  let deleted = 0
  for (const piece of namesInPieces(names, Number(BATCH))) {
    deleted += await remove(probe, piece)
    if (Date.now() >= untilMillis) throw new Error(`not all within ${TIME_LIMIT_MILLIS / 1000} s`)
  }
  return deleted
}

async function remove(probe: RespProbe, keys: readonly string[]): Promise<number> {
  let answer = await probe.call('UNLINK', ...keys)
  if (answer instanceof ProbeReplyError) answer = await probe.call('DEL', ...keys)
  if (answer instanceof ProbeReplyError) throw new Error(answer.text)
  return Number(answer)
}

/** In a glob of Redis these stand for more than themselves: * ? [ ] \ ^ (util.c, stringmatchlen). */
function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\^]/g, '\\$&')
}
