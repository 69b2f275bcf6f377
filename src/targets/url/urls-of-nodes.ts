import { hostPort } from '../../network/address.ts'
import { parseTargetUrl } from './target-url.ts'

/** A URL for each node that knows nothing of the others, so that each can be looked at by itself; most targets have one. */
export function urlsOfNodes(target: string): readonly string[] {
  const url = parseTargetUrl(target)
  return url.kind === 'memcached' && url.nodes.length > 1 ? url.nodes.map(({ host, port }) => `memcached://${hostPort(host, port)}`) : [target]
}
