import type { Html } from './html.ts'

/** One part of a page, with its own heading; its id is what links point to. */
export interface Section {
  readonly id: string
  readonly title: string
  readonly body: Html
  /** What is in it, in a line: such a section is folded, and one click or a link to anything in it opens it. */
  readonly folded?: string
}
