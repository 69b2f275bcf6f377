import type { RunResult } from '../../measure/run-result.ts'
import { renderPage } from './render-page.ts'
import { viewRun } from './run-view.ts'
import type { Section } from './section.ts'
import { claimsSection } from './sections/claims.ts'
import { downloadsSection, packedSummary, SUMMARY_FILE } from './sections/downloads.ts'
import { headlineSection } from './sections/headline.ts'
import { howToReadSection } from './sections/how-to-read.ts'
import { provenanceSection } from './sections/provenance.ts'
import { runHeader } from './sections/run-header.ts'
import { verdictsSection } from './sections/verdicts.ts'

/** A finished run as one self-contained page. A pure function: the same run gives the same bytes. */
export function renderHtml(result: RunResult): string {
  const view = viewRun(result)
  const sections = [
    verdictsSection(view),
    claimsSection(view),
    headlineSection(view),
    provenanceSection(view),
    howToReadSection(),
    downloadsSection(result),
  ].filter((section): section is Section => section !== undefined)
  return renderPage({
    title: `${result.name} – cacheproof`,
    header: runHeader(view),
    sections,
    files: { [SUMMARY_FILE]: packedSummary(result) },
  })
}
