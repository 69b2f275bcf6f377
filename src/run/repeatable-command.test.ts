import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { repeatableCommand } from './repeatable-command.ts'

describe('the command that makes a run again', () => {
  it.each([
    ['a word', ['run', 'cache-aside'], 'cacheproof run cache-aside'],
    ['blanks and quotes', ['run', "it's"], `cacheproof run 'it'\\''s'`],
    ['no login', ['redis://h:6379/1?sni=x'], "cacheproof 'redis://h:6379/1?sni=x'"],
    ['a user', ['redis://app@h'], 'cacheproof redis://app@h'],
    ['a password', ['redis://:pw@h'], 'cacheproof "redis://:$CACHEPROOF_PASSWORD@h"'],
    ['both, behind a flag', ['--target=rediss://app:p:w@h/1?ca=x'], 'cacheproof "--target=rediss://app:$CACHEPROOF_PASSWORD@h/1?ca=x"'],
    ['a database', ['--database', 'postgres://app:pw@h/db'], 'cacheproof --database "postgres://app:$PGPASSWORD@h/db"'],
    ['a secret parameter', ['postgres://app@h/db?password=pw'], 'cacheproof postgres://app@h/db'],
    [
      'two passwords, one of them twice',
      ['redis://a:1@h', 'redis://b:2@h', 'redis://c:1@g'],
      'cacheproof "redis://a:$CACHEPROOF_PASSWORD@h" "redis://b:$CACHEPROOF_PASSWORD_2@h" "redis://c:$CACHEPROOF_PASSWORD@g"',
    ],
    ['what may be a password in the place of a name', ['redis://p@ss!w@h'], 'cacheproof redis://h'],
    ['a password with all that a URL is made of', ['redis://u:a@b/c?d@h:1'], 'cacheproof "redis://u:$CACHEPROOF_PASSWORD@h:1"'],
  ])('%s', (_, words, command) => {
    expect(repeatableCommand(words)).toBe(command)
  })

  it('is read by a shell as it was typed', () => {
    const words = ['run', 'a b', "it's", 'redis://u:pw@h/1?x=$HOME&y="`', '$(x)']
    const command = repeatableCommand(words).replace(/^cacheproof/, `printf '%s\\n'`)
    const read = execFileSync('sh', ['-c', command], { encoding: 'utf8', env: { CACHEPROOF_PASSWORD: 'pw' } })
      .trimEnd()
      .split('\n')
    expect(read).toEqual(words)
  })
})
