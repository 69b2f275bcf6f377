import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readPrices } from './read-prices.ts'

const folder = mkdtempSync(join(tmpdir(), 'cacheproof-prices-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function read(text: string): ReturnType<typeof readPrices> {
  const path = join(folder, 'prices.yaml')
  writeFileSync(path, text)
  return readPrices(path)
}

describe('a file of prices', () => {
  it('is YAML or JSON; what has no price in it has none', () => {
    expect(read('currency: EUR\ncache_memory_per_gb_hour: 0.02\n')).toEqual({ currency: 'EUR', memoryPerGigabyteHour: 0.02 })
    expect(read('currency: EUR\ndatabase_reads_per_million: 0.25\n')).toEqual({ currency: 'EUR', readsPerMillion: 0.25 })
    expect(read('{ "currency": "USD", "database_reads_per_million": 0.25, "database_writes_per_million": 0 }')).toEqual({
      currency: 'USD',
      readsPerMillion: 0.25,
      writesPerMillion: 0,
    })
  })

  it.each([
    [
      'currency: EUR\ndatabase_read_per_million: 1\n',
      /prices\.yaml:2:1: .*unknown key "database_read_per_million"[\s\S]*did you mean database_reads_per_million\?/,
    ],
    ['currency: EUR\ndatabase_reads_per_million: -1\n', /prices\.yaml:2:29: database_reads_per_million: .*-1.* is too small[\s\S]*at least 0/],
    ['currency: EUR\ndatabase_reads_per_million: 1 EUR\n', /:2:29: .*"1 EUR" is not valid[\s\S]*a number/],
    ['database_reads_per_million: 1\n', /currency: is missing/],
    ['currency: EUR\n', /nothing in it has a price/],
    ['- 1\n', /prices\.yaml:1:1: this is no price file/],
    ['currency: [', /prices\.yaml:1:/],
  ])('says what is wrong in %j, and where', (text, message) => {
    expect(() => read(text)).toThrow(message)
  })

  it('that is not there is an error of the flag', () => {
    expect(() => readPrices(join(folder, 'none.yaml'))).toThrow(/--price: .*none\.yaml: there is no such file/)
  })
})
