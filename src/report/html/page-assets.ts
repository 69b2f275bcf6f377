import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** The page's own style and program; they stand beside this file, in the sources and in what is built from them. */
export function pageStyle(): string {
  return ownFile('./report.css')
}

export function pageProgram(): string {
  return ownFile('./report.client.js')
}

/** uPlot 1.6, as its package ships it. */
export function plotLibrary(): { readonly program: string; readonly style: string } {
  return {
    program: readFileSync(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
    style: readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8'),
  }
}

/** What a Content-Security-Policy names an inline script by. */
export function scriptHash(program: string): string {
  return `'sha256-${createHash('sha256').update(program).digest('base64')}'`
}

function ownFile(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}
