import type { RunResult } from '../../measure/run-result.ts'
import { PAGE_DETAILS, type PageDetail } from './page-detail.ts'
import { renderPage } from './render-page.ts'
import { viewRun } from './run-view.ts'
import type { Section } from './section.ts'
import { cellsSection } from './sections/cells.ts'
import { claimsSection } from './sections/claims.ts'
import { consistencySection } from './sections/consistency.ts'
import { costSection } from './sections/cost.ts'
import { downloadsSection, SUMMARY_FILE, summaryJson } from './sections/downloads.ts'
import { headlineSection } from './sections/headline.ts'
import { howToReadSection } from './sections/how-to-read.ts'
import { provenanceSection } from './sections/provenance.ts'
import { recoverySection } from './sections/recovery.ts'
import { runHeader } from './sections/run-header.ts'
import { spectrumSection } from './sections/spectrum.ts'
import { verdictsSection } from './sections/verdicts.ts'

/** What a page may weigh, so that it can be mailed and opens at once. */
export const PAGE_BUDGET_BYTES = 1_000_000

/** A finished run as one self-contained page below the budget. A pure function: the same run gives the same bytes. */
export function renderHtml(result: RunResult): string {
  let page = ''
  for (const detail of PAGE_DETAILS) {
    page = renderDetail(result, detail)
    if (Buffer.byteLength(page) < PAGE_BUDGET_BYTES) break
  }
  return page
}

function renderDetail(result: RunResult, detail: PageDetail): string {
  const view = viewRun(result, detail)
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
    files: { [SUMMARY_FILE]: summaryJson(result) },
  })
}
