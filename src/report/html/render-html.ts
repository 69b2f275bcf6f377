import type { RunResult } from '../../measure/run-result.ts'
import { renderPage } from './render-page.ts'
import { viewRun } from './run-view.ts'
import type { Section } from './section.ts'
import { cellsSection } from './sections/cells.ts'
import { claimsSection } from './sections/claims.ts'
import { consistencySection } from './sections/consistency.ts'
import { costSection } from './sections/cost.ts'
import { downloadsSection, packedSummary, SUMMARY_FILE } from './sections/downloads.ts'
import { headlineSection } from './sections/headline.ts'
import { howToReadSection } from './sections/how-to-read.ts'
import { provenanceSection } from './sections/provenance.ts'
import { recoverySection } from './sections/recovery.ts'
import { runHeader } from './sections/run-header.ts'
import { spectrumSection } from './sections/spectrum.ts'
import { verdictsSection } from './sections/verdicts.ts'

/** A finished run as one self-contained page. A pure function: the same run gives the same bytes. */
export function renderHtml(result: RunResult): string {
  const view = viewRun(result)
  const cells = cellsSection(view)
  const sections = [
    verdictsSection(view),
    claimsSection(view),
    headlineSection(view),
    spectrumSection(view),
    cells,
    recoverySection(view),
    consistencySection(view),
    costSection(view),
    provenanceSection(view),
    howToReadSection(),
    downloadsSection(result),
  ].filter((section): section is Section => section !== undefined)
  return renderPage({
    title: `${result.name} – cacheproof`,
    header: runHeader(view),
    sections,
    ...(cells && { plots: cells.plots }),
    files: { [SUMMARY_FILE]: packedSummary(result) },
  })
}
