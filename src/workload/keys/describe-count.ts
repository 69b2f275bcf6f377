/** "100,000 keys" */
export function describeCount(count: number): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${count === 1 ? 'key' : 'keys'}`
}
