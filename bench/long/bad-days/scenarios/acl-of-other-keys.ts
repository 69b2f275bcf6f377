import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { finding, type Scenario } from '../scenario.ts'
import { askRedis, redisInfo } from '../stage.ts'

export const aclOfOtherKeys: Scenario = {
  name: 'acl-of-other-keys',
  seen: 'A user who may touch ~other:* only got hit ratio 0 %, no errors, a green lamp and two contradicted claims.',
  async play(stage) {
    const server = await stage.server('redis')
    await askRedis(server, 'ACL', 'SETUSER', 'app', 'on', '>secret', '~other:*', '+@all')
    const played = await stage.run(['cache-aside', '--target', `redis://app:secret@127.0.0.1:${server.port}`, '--duration', '2s'])
    const commands = await redisInfo(server, 'total_commands_processed')
    return [
      finding('exit 3', played.code === 3, { code: played.code, stderr: played.stderr.slice(-400) }),
      finding('the ACL line that is missing is named', /~cacheproof:/.test(played.stderr), played.stderr.slice(-400)),
      finding('before any load', commands < 100 && !existsSync(join(played.out, 'run.json')), { commands }),
    ]
  },
}
