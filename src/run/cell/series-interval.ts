import { SECOND } from '../../runtime/runtime.ts'

/** Step of the time series: fine enough to see an outage of a second, coarse enough for a report of ten minutes. */
export const SERIES_INTERVAL_NANOS = SECOND / 4
