import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { awsCredentials } from './aws-credentials.ts'

const home = mkdtempSync(join(tmpdir(), 'credentials-test-'))
afterAll(() => rmSync(home, { recursive: true }))
mkdirSync(join(home, '.aws'))
writeFileSync(
  join(home, '.aws', 'credentials'),
  '# a comment\n[default]\naws_access_key_id = ID1\naws_secret_access_key=SECRET1=\n\n[ work ] ; another\r\naws_access_key_id=ID2\r\naws_secret_access_key = SECRET2\r\nAWS_SESSION_TOKEN = TOKEN2\r\n[half]\naws_access_key_id=ID3\n',
)

test('the environment wins over the file', () => {
  const env = { HOME: home, AWS_ACCESS_KEY_ID: 'ID', AWS_SECRET_ACCESS_KEY: 'SECRET', AWS_SESSION_TOKEN: 'TOKEN' }
  expect(awsCredentials(env)).toEqual({ accessKeyId: 'ID', secretAccessKey: 'SECRET', sessionToken: 'TOKEN' })
})

test('the default profile, and another', () => {
  expect(awsCredentials({ HOME: home })).toEqual({ accessKeyId: 'ID1', secretAccessKey: 'SECRET1=' })
  expect(awsCredentials({ HOME: home, AWS_PROFILE: 'work' })).toEqual({ accessKeyId: 'ID2', secretAccessKey: 'SECRET2', sessionToken: 'TOKEN2' })
})

test.each([
  { HOME: '/nowhere' },
  { HOME: home, AWS_PROFILE: 'half' },
  { HOME: home, AWS_PROFILE: 'absent' },
  { HOME: '/nowhere', AWS_ACCESS_KEY_ID: 'ID' },
])('none: says where it looked, without a secret (%o)', (env) => {
  expect(() => awsCredentials(env)).toThrow(/no.*credentials|there are none in the environment/)
  expect(() => awsCredentials(env)).not.toThrow(/SECRET|ID[123]/)
})
