import { ProbeReplyError, RespProbe } from '../probe/resp-probe.ts'
import type { SweepEndpoint } from './undo-entry.ts'

const TIME_LIMIT_MILLIS = 20_000
const EXCHANGE_MILLIS = 5_000
const BATCH = '500'

/**
 * Deletes the keys that begin with `prefix` at a Redis or Valkey endpoint: SCAN with MATCH and UNLINK, nothing that
 * reaches beyond those keys. Resolves to how many were deleted. Stops after 20 s; what is left then has its TTL.
 *
 * Keys whose names aren't valid UTF-8 are not found by name; ours are plain text.
 */
export async function sweepKeys(endpoint: SweepEndpoint, prefix: string): Promise<number> {
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
      if (!Array.isArray(page)) throw new Error(page instanceof ProbeReplyError ? page.text : 'SCAN gave no page')
      cursor = String(page[0])
      const keys = (page[1] as string[]).filter((key) => key.startsWith(prefix))
      if (keys.length > 0) deleted += Number(await probe.call('UNLINK', ...keys))
    } while (cursor !== '0' && Date.now() < until)
  } finally {
    probe.close()
  }
  return deleted
}

/** In a glob of Redis these stand for more than themselves: * ? [ ] \ ^ (util.c, stringmatchlen). */
function escapeGlob(text: string): string {
  return text.replace(/[*?[\]\\^]/g, '\\$&')
}
