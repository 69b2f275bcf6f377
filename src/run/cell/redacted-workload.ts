import { redactUrl } from '../../targets/url/target-url.ts'
import type { Workload } from '../../workload/workload.ts'

/** The resolved workload as run.json keeps it: no secrets, and no path of this machine beyond the file's name. */
export function redactedWorkload(workload: Workload): Workload {
  const { url } = workload.database
  return {
    ...workload,
    source: workload.source.split(/[/\\]/).at(-1)!,
    database: { ...workload.database, ...(url !== undefined && { url: redactUrl(url) }) },
  }
}
