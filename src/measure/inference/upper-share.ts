import type { Episodes } from './contrast.ts'

/**
 * The most that a share can be of which no event was seen, with `confidence`: -ln(1 - confidence) / n, which is 3/n at 95 %.
 *
 * Events come in bursts: an entry that stays old serves many stale reads, an outage fails many operations. What is Poisson
 * is the number of episodes, not of events (a compound count), so n is the observations in units of an episode:
 * observations / (events an episode). How large episodes are is taken from the side that saw some (`other`); where neither
 * did, an episode counts as one event and the bound is one of episodes per observation.
 */
export function upperShare({ observations }: Episodes, other: Episodes, confidence: number): number {
  const eventsPerEpisode = other.episodes > 0 ? Math.max(1, other.events / other.episodes) : 1
  return observations > 0 ? Math.min(1, (-Math.log(1 - confidence) * eventsPerEpisode) / observations) : 1
}
