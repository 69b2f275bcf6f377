import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** Files below the root, sorted: `*` is any part of one name, `**` any folders. */
export function filesMatching(root: string, pattern: string): string[] {
  if (!pattern.includes('*')) return existsSync(join(root, pattern)) && statSync(join(root, pattern)).isFile() ? [pattern] : []
  const fixed = pattern.slice(0, pattern.lastIndexOf('/', pattern.indexOf('*')))
  const expression = new RegExp(`^${pattern.split('**/').map(partOf).join('(?:[^/]+/)*')}$`)
  return walk(root, fixed).filter((file) => expression.test(file))
}

function partOf(text: string): string {
  return text
    .split('*')
    .map((fixed) => fixed.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
    .join('[^/]*')
}

function walk(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? walk(root, `${folder}/${entry.name}`) : [`${folder}/${entry.name}`]))
}
