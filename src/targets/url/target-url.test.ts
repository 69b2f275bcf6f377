import { describe, expect, test } from 'vitest'
import { UsageError } from '../../runtime/usage-error.ts'
import { parseTargetUrl, redactUrl } from './target-url.ts'

describe('what is read from a target URL', () => {
  test.each([
    ['engine:redis', { kind: 'engine', engine: 'redis', family: 'redis', label: 'engine:redis' }],
    [
      'engine:valkey?profile=valkey-8.0&maxmemory=64mb&policy=allkeys-lru',
      { engine: 'valkey', profile: 'valkey-8.0', maxMemoryBytes: 64 * 1024 * 1024, maxMemoryPolicy: 'allkeys-lru' },
    ],
    ['engine:memcached', { engine: 'memcached', family: 'memcached' }],
    ['local:redis', { kind: 'local', engine: 'redis', persistence: 'none' }],
    ['local:valkey?persistence=aof&threads=4&maxmemory=1g', { persistence: 'aof', threads: 4, maxMemoryBytes: 1_000_000_000 }],
    ['redis://cache.example', { kind: 'redis', host: 'cache.example', port: 6379, database: 0, label: 'redis://cache.example:6379' }],
    [
      'valkey://me:p%40ss@h:7000/3',
      { username: 'me', password: 'p@ss', port: 7000, database: 3, label: 'valkey://h:7000/3', shown: 'valkey://h:7000/3' },
    ],
    ['redis://:secret@h', { password: 'secret' }],
    ['redis://[::1]:6380', { host: '::1', port: 6380, label: 'redis://[::1]:6380' }],
    [
      'rediss://h?ca=ca.pem&cert=c.pem&key=k.pem&sni=name&insecure',
      { tls: { caFile: 'ca.pem', certFile: 'c.pem', keyFile: 'k.pem', serverName: 'name', insecure: true } },
    ],
    ['valkeys://h', { tls: { insecure: false } }],
    [
      'rediss://h?auth=iam&cache=my-cache&user=me&region=eu-west-1&serverless=true',
      { iam: { cache: 'my-cache', user: 'me', region: 'eu-west-1', serverless: true } },
    ],
    [
      'memcached://a,b:11212,[::1]:5',
      {
        nodes: [
          { host: 'a', port: 11211 },
          { host: 'b', port: 11212 },
          { host: '::1', port: 5 },
        ],
        label: 'memcached://a:11211,b:11212,[::1]:5',
      },
    ],
  ])('%s', (url, expected) => {
    expect(parseTargetUrl(url)).toMatchObject(expected)
  })

  test('no password, no TLS and no IAM unless asked for', () => {
    const parsed = parseTargetUrl('redis://h')
    expect(Object.keys(parsed)).not.toEqual(expect.arrayContaining(['password']))
    expect(parsed).not.toHaveProperty('tls')
    expect(parsed).not.toHaveProperty('iam')
  })
})

describe('what is wrong is named, with the nearest valid form', () => {
  test.each([
    ['localhost:6379', /no scheme/, /redis:\/\/localhost:6379/],
    ['cache:11211', /no scheme/, /memcached:\/\/cache:11211/],
    ['redis', /no scheme/, /engine:redis or local:redis/],
    ['reddis://h', /no scheme "reddis"/, /Did you mean redis\?/],
    ['http://h', /no scheme "http"/, /engine:redis, .*memcached:\/\//],
    ['engine:valky', /no engine "valky"/, /Did you mean valkey/],
    ['engine:redis?maxmem=1mb', /no parameter "maxmem"/, /Did you mean maxmemory\?/],
    ['engine:redis?size=1mb', /no parameter "size"/, /profile, maxmemory, policy/],
    ['engine:redis?maxmemory=lots', /maxmemory=lots/, /64mb/],
    ['local:redis?policy=allkeys-lur', /policy=allkeys-lur/, /^Expected allkeys-lru, or one of .*volatile-lfu.*noeviction\.$/],
    ['engine:redis?policy=allkeys-lfo', /policy=allkeys-lfo/, /^Expected allkeys-lfu, or one of .*volatile-lru.*noeviction\.$/],
    ['local:memcached?persistence=aof', /no persistence/, /^$/],
    ['local:redis?threads=0', /threads=0/, /1 to 128/],
    ['local:redis?topology=cluster', /topology=cluster/, /single/],
    ['redis://h/x', /"x" is not a database/, /6379\/0/],
    ['redis://h?insecure', /settings of TLS/, /rediss:\/\//],
    ['rediss://h?cert=c', /both cert=FILE and key=FILE/, /^$/],
    ['redis://h?auth=iam&cache=c&user=u', /IAM authentication needs TLS/, /rediss/],
    ['rediss://h?auth=iam&user=u', /needs cache=NAME/, /auth=iam&cache=NAME/],
    ['rediss://h?cache=c', /belong to auth=iam/, /^$/],
    ['redis://h:99999', /not a valid URL/, /percent-encoded/],
    ['redis://', /names no host/, /redis:\/\/host:6379/],
    ['redis://h?db=1&db=2', /no parameter "db"/, /ca, cert/],
    ['memcached://h?x=1', /no parameter "x"/, /no parameters/],
    ['memcached://a,,b', /not a valid URL|names no host/, /./],
  ])('%s', (url, message, hint) => {
    const error = caught(url)
    expect(error.message).toMatch(message)
    expect(error.hint).toMatch(hint)
  })

  test.each([
    'redis://me:hunter2@h:99999',
    'redis://me:hunter2@h/x',
    'reddis://me:hunter2@h',
    'redis://me:hunter2%@h',
    'memcached://me:hunter2@h',
    'redis://me:hun/ter2@h',
  ])('the password is not in the error about %s', (url) => {
    const error = caught(url)
    expect(`${error.message} ${error.hint}`).not.toMatch(/ter2/)
  })
})

describe('redaction', () => {
  test.each([
    ['redis://user:secret@host:6379/0', 'redis://host:6379/0'],
    ['redis://:se@cret@host', 'redis://host'],
    ['redis://u:se/cr?et@host', 'redis://host'],
    ['redis://u:se?cr=et@host', 'redis://host'],
    ['rediss://u:p@h?insecure&ca=x', 'rediss://h?insecure&ca=x'],
    ['rediss://h:1?auth=iam&cache=c&user=me@example', 'rediss://h:1?auth=iam&cache=c&user=me@example'],
    ['postgres://u:p@h/db?password=x&sslmode=require', 'postgres://h/db?sslmode=require'],
    ['memcached://a:1,b:2', 'memcached://a:1,b:2'],
    ['local:redis?maxmemory=1mb', 'local:redis?maxmemory=1mb'],
    ['nonsense', 'nonsense'],
  ])('%s', (url, shown) => {
    expect(redactUrl(url)).toBe(shown)
  })
})

function caught(url: string): UsageError {
  try {
    parseTargetUrl(url)
  } catch (error) {
    if (error instanceof UsageError) return error
    throw error
  }
  throw new Error(`${url} was accepted`)
}
