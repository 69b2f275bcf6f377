import type { Comparison } from '../../check/comparison/comparison.ts'
import { comparisonOf } from '../../check/comparison/comparison-of.ts'
import type { RunResult } from '../../measure/run-result.ts'
import { PAGE_DETAILS, type PageDetail } from './page-detail.ts'
import { renderPage } from './render-page.ts'
import { viewRun } from './run-view.ts'
import type { Section } from './section.ts'
import { cellsSection } from './sections/cells.ts'
import { claimsSection } from './sections/claims.ts'
import { comparisonSection } from './sections/comparison.ts'
import { consistencySection } from './sections/consistency.ts'
import { costSection } from './sections/cost.ts'
import { downloadsSection, SUMMARY_FILE, summaryJson } from './sections/downloads.ts'
import { faultsSection } from './sections/faults.ts'
import { headlineSection } from './sections/headline.ts'
import { howToReadSection } from './sections/how-to-read.ts'
import { provenanceSection } from './sections/provenance.ts'
import { runHeader } from './sections/run-header.ts'
import { spectrumSection } from './sections/spectrum.ts'
import { tradeOffSection } from './sections/trade-off.ts'
import { verdictsSection } from './sections/verdicts.ts'

/** What a page may weigh, so that it can be mailed and opens at once. */
export const PAGE_BUDGET_BYTES = 1_000_000

/** A finished run as one self-contained page below the budget. A pure function: the same run gives the same bytes. */
export function renderHtml(result: RunResult, comparison: Comparison = comparisonOf([{ label: result.name, result }])): string {
  let page = ''
  for (const detail of PAGE_DETAILS) {
    page = renderDetail(result, comparison, detail)
    if (Buffer.byteLength(page) < PAGE_BUDGET_BYTES) break
  }
  return page
}

/** First what answers the question, then what it was judged by, then everything that was measured, folded. */
function renderDetail(result: RunResult, comparison: Comparison, detail: PageDetail): string {
  const view = viewRun(result, comparison, detail)
  const cells = cellsSection(view)
  const sections = [
    comparisonSection(view),
    tradeOffSection(view),
    faultsSection(view),
    verdictsSection(view),
    claimsSection(view),
    headlineSection(view),
    spectrumSection(view),
    cells,
    consistencySection(view),
    costSection(view),
    provenanceSection(view),
    howToReadSection(),
    downloadsSection(result),
  ].filter((section): section is Section => section !== undefined)
  return renderPage({
    title: `${view.answer.question.title} – cacheproof`,
    header: runHeader(view),
    sections,
    ...(cells && { plots: cells.plots }),
    files: { [SUMMARY_FILE]: summaryJson(result) },
  })
}
