/** What `stats` counts of the commands. `stats reset` sets them to zero. */
export class Counters {
  cmdGet = 0
  cmdSet = 0
  cmdFlush = 0
  cmdTouch = 0
  cmdMeta = 0
  getHits = 0
  getMisses = 0
  getExpired = 0
  getFlushed = 0
  deleteMisses = 0
  deleteHits = 0
  incrMisses = 0
  incrHits = 0
  decrMisses = 0
  decrHits = 0
  casMisses = 0
  casHits = 0
  casBadval = 0
  touchHits = 0
  touchMisses = 0
  storeTooLarge = 0
  storeNoMemory = 0
  totalConnections = 0
  totalItems = 0
  crawlerStarts = 0
  maintainerJuggles = 0
}

/** What `stats slabs` and `stats items` count, one of each per slab class. */
export class ClassCounters {
  cmdSet = 0
  getHits = 0
  deleteHits = 0
  incrHits = 0
  decrHits = 0
  casHits = 0
  casBadval = 0
  touchHits = 0
  evicted = 0
  evictedNonzero = 0
  evictedTime = 0
  outOfMemory = 0
  reclaimed = 0
  expiredUnfetched = 0
  evictedUnfetched = 0
  evictedActive = 0
  crawlerReclaimed = 0
  crawlerItemsChecked = 0
  movesToCold = 0
  movesToWarm = 0
  movesWithinLru = 0
  directReclaims = 0
  hitsToHot = 0
  hitsToWarm = 0
  hitsToCold = 0
}
