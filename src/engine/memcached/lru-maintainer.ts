import { MILLISECOND, type Nanos, SECOND } from '../../runtime/runtime.ts'
import type { MemcachedCache } from './cache.ts'
import { COLD, FETCHED, HOT, type Item, type Segment, WARM } from './item.ts'

/** lru_maintainer.c / items.c: the thread sleeps between 1 ms and 1 s. */
const SHORTEST_SLEEP = 1 * MILLISECOND
const LONGEST_SLEEP = 1 * SECOND
const MOVES_A_TURN = 500
const HOT_SHARE = 0.2
const WARM_SHARE = 0.4
const HOT_AGE_FACTOR = 0.2
const WARM_AGE_FACTOR = 2
const LONGEST_CRAWL_WAIT = 3600
const MINUTES = 60

/** What a crawl found out about one list, which decides when the next one pays. */
class CrawlFindings {
  seen = 0
  withoutExpiry = 0
  readonly byMinute = new Uint32Array(MINUTES + 1)
}

/**
 * What memcached does in the background, done when time is advanced: moving items between the segments of the LRU
 * (lru_maintainer_juggle) and reaping expired ones (lru_maintainer_crawler_check, crawler.c).
 *
 * It asks for no more time when nothing has happened since its last turn and no item will expire, so that virtual
 * time can come to an end.
 */
export class LruMaintainer {
  readonly #cache: MemcachedCache
  readonly #backoff: Float64Array
  readonly #dueAt: Float64Array
  /** By list: class times three plus segment. */
  readonly #nextCrawl: Float64Array
  readonly #crawlWait: Float64Array
  #nextTurn: Nanos = 0
  #lastCrawlCheck = 0
  #idle = true

  constructor(cache: MemcachedCache) {
    this.#cache = cache
    const classes = cache.slabs.largestClass + 1
    this.#backoff = new Float64Array(classes)
    this.#dueAt = new Float64Array(classes)
    this.#nextCrawl = new Float64Array(classes * 3)
    this.#crawlWait = new Float64Array(classes * 3)
  }

  deadline(): Nanos | undefined {
    if (this.#idle && !this.#cache.disturbed && this.#cache.expiring === 0) return undefined
    return this.#nextTurn
  }

  advance(now: Nanos): void {
    if (now < this.#nextTurn) return
    const disturbed = this.#cache.disturbed
    this.#cache.disturbed = false
    this.#cache.counters.maintainerJuggles++
    let moves = 0
    let next = now + LONGEST_SLEEP
    for (let slabClass = 1; slabClass <= this.#cache.slabs.largestClass; slabClass++) {
      if (this.#cache.slabs.pages[slabClass] === 0) continue
      if (this.#dueAt[slabClass]! <= now) {
        const moved = this.#juggle(slabClass)
        moves += moved
        this.#backOff(slabClass, moved)
        this.#dueAt[slabClass] = now + this.#backoff[slabClass]!
      }
      next = Math.min(next, this.#dueAt[slabClass]!)
    }
    if (this.#cache.clock.now !== this.#lastCrawlCheck) {
      this.#lastCrawlCheck = this.#cache.clock.now
      this.#crawlWhatPays()
    }
    this.#idle = !disturbed && moves === 0
    this.#nextTurn = Math.max(next, now + SHORTEST_SLEEP)
  }

  /** Twice as eager after moves, an eighth lazier after none. */
  #backOff(slabClass: number, moved: number): void {
    const before = this.#backoff[slabClass]!
    if (moved === 0) {
      this.#backoff[slabClass] = Math.min(LONGEST_SLEEP, before === 0 ? SHORTEST_SLEEP : before + Math.floor(before / 8))
    } else if (before > 0) {
      this.#backoff[slabClass] = before / 2 < SHORTEST_SLEEP ? 0 : before / 2
    }
  }

  #juggle(slabClass: number): number {
    const { lru, clock } = this.#cache
    const coldest = lru.oldest(slabClass, COLD)
    const coldAge = coldest === null ? 0 : clock.now - coldest.time
    const total = lru.totalBytes(slabClass)
    const hotLimit = total * HOT_SHARE
    const warmLimit = total * WARM_SHARE
    let moves = 0
    for (let i = 0; i < MOVES_A_TURN; i++) {
      let more = 0
      if (
        this.#cache.pullTail(slabClass, HOT, hotLimit, 'move', coldAge * HOT_AGE_FACTOR) > 0 ||
        this.#cache.pullTail(slabClass, WARM, warmLimit, 'move', coldAge * WARM_AGE_FACTOR) > 0
      ) {
        more++
      }
      more += this.#cache.pullTail(slabClass, COLD, 0, 'move', 0)
      if (more === 0) break
      moves++
    }
    return moves
  }

  #crawlWhatPays(): void {
    const now = this.#cache.clock.now
    for (let slabClass = 1; slabClass <= this.#cache.slabs.largestClass; slabClass++) {
      if (this.#cache.lru.items(slabClass) === 0) continue
      for (const segment of [HOT, WARM, COLD] as const) {
        const list = slabClass * 3 + segment
        if (now <= this.#nextCrawl[list]!) continue
        const findings = this.#crawl(slabClass, segment)
        this.#crawlWait[list] = nextWait(findings, this.#crawlWait[list]!)
        this.#nextCrawl[list] = now + this.#crawlWait[list]! + 5
      }
    }
  }

  /** Reaps what is over in one list and counts what will be. */
  #crawl(slabClass: number, segment: Segment): CrawlFindings {
    const findings = new CrawlFindings()
    const counters = this.#cache.classes[slabClass]!
    const now = this.#cache.clock.now
    this.#cache.counters.crawlerStarts++
    let item: Item | null = this.#cache.lru.oldest(slabClass, segment)
    while (item !== null) {
      const next: Item | null = item.newer
      counters.crawlerItemsChecked++
      if ((item.exptime !== 0 && item.exptime < now) || this.#cache.isFlushed(item)) {
        counters.crawlerReclaimed++
        if ((item.marks & FETCHED) === 0) counters.expiredUnfetched++
        this.#cache.unlink(item)
      } else {
        findings.seen++
        if (item.exptime === 0) findings.withoutExpiry++
        else if (item.exptime - now < 3600) findings.byMinute[Math.floor((item.exptime - now) / 60)]!++
      }
      item = next
    }
    return findings
  }
}

/** Crawls less often what has little to give: wait as long as it takes until one in a hundred would be over. */
function nextWait(findings: CrawlFindings, wait: number): number {
  const worthwhile = Math.floor((findings.seen - findings.withoutExpiry) / 100) + 1
  let available = 0
  let next = wait
  for (let minute = 0; minute < MINUTES; minute++) {
    available += findings.byMinute[minute]!
    if (available <= worthwhile) continue
    if (next < minute * 60) next += 60
    else if (next >= 60) next -= 60
    break
  }
  if (available === 0) next += 60
  return Math.min(next, LONGEST_CRAWL_WAIT)
}
