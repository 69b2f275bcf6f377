/** What of a report of Stryker's is asked here. */
export interface KnownMutants {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string; readonly static?: boolean }[] }>>
}

/**
 * The report without the survivors that are made when their module is loaded: no single test covers them, so Stryker would not
 * try them again on a test that is new.
 */
export function forgetStaticSurvivors<Report extends KnownMutants>(report: Report): Report {
  const files = Object.entries(report.files).map(([path, file]) => {
    const mutants = file.mutants.filter(({ status, static: isStatic }) => !(isStatic && status === 'Survived'))
    return [path, { ...file, mutants }]
  })
  return { ...report, files: Object.fromEntries(files) }
}
