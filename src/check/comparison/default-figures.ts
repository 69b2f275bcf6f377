/** What alternatives are tested by unless other figures are named: load on the database, latency, freshness, memory; lost data where a fault strikes. */
export const DEFAULT_FIGURES: readonly string[] = ['database_reads', 'read.p99', 'stale_ratio', 'memory', 'lost']

/** An interval within 5 % either way is no difference that matters. */
export const EQUIVALENT_WITHIN = 0.05
