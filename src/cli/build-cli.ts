import { Command, InvalidArgumentError } from 'commander'
import { withoutPasswords } from '../workload/file/redact.ts'

/**
 * The commands and their flags. What a command does is imported when it is asked for, so that `--help` starts in
 * a fraction of the time a run takes to load.
 */
export function buildCli(): Command {
  const program = new Command('cacheproof')
    .description('Proves what a cache does: replays caching patterns, breaks things on purpose, and reports the evidence.')
    .helpOption('-h, --help', 'show help')
    .configureHelp({ sortSubcommands: false })
    .showSuggestionAfterError(true)
    .showHelpAfterError('(cacheproof --help shows what there is)')
    .configureOutput({ outputError: (text, write) => write(withoutPasswords(text.replace(/^error: /, 'cacheproof: '))) })
    .exitOverride()
    .option('--version', 'show the version')
    .allowExcessArguments()
    .action(async (options: { version?: boolean }, command: Command) => {
      if (command.args.length > 0) await refuseUnknown(command)
      if (!options.version) return command.outputHelp()
      const { toolIdentity } = await import('../run/provenance.ts')
      process.stdout.write(`${toolIdentity().version}\n`)
    })
    .addHelpText(
      'after',
      `
Exit codes: 0 all expectations hold; 1 an expectation, property or gate failed; 2 usage or workload file;
3 the target could not be reached or used; 4 inconclusive; 70 a mistake of cacheproof; 130 interrupted.

Examples:
  cacheproof run                                                  strategies, sessions and failures on the embedded engines
  cacheproof run cache-aside --target local:redis --target local:valkey
  cacheproof run workloads/*.yaml --target rediss://my-cache:6379 --database postgres://localhost/app
  cacheproof validate local:valkey                                does it behave as the engine it claims to be?`,
    )

  program
    .command('run')
    .description('replay workloads on targets and write the report')
    .argument(
      '[workload...]',
      'workload files, or names of built-in ones (cacheproof list workloads); on virtual time, what the README shows, unless told',
    )
    .option('-t, --target <url>', 'where to aim; repeatable (engine:valkey and engine:memcached unless told)', collect)
    .option('--client <name>', "wire, ioredis, memjs, with :defaults for the library's own settings, or all; repeatable", collect)
    .option('--database <url>', 'the system of record: sqlite:, sqlite:FILE, postgres://...')
    .option('--fault <spec>', "what goes wrong and when: 'kill:primary@10s for 2s'; repeatable", collect)
    .option('--duration <time>', 'length of the measured phase: 30s')
    .option('--rate <rate>', 'offered rate of an open loop: 20k/s')
    .option('--seed <n>', 'decides everything that is not the outside world', integer)
    .option('--blocks <n>', 'interleaved repetitions of every workload on every target, in random order', positiveInteger)
    .option('--budget <time>', 'the whole plan in this time, fitted from three pilot blocks: 10m')
    .option('--yes', 'run a plan that takes long')
    .option('--vary <setting>', 'a setting of the workload in turn: with.ttl=1s,10s,60s; repeatable', collect)
    .option('--figures <names>', 'what is tested, in this order: database_reads,read.p99,stale_ratio,memory,lost unless told')
    .option('--equivalent-within <share>', 'a difference within this share is none that matters (5%)')
    .option('--fail-on <gate>', "a difference that fails the run: 'read.p99 > +10%'; repeatable", collect)
    .option('--price <file>', 'prices, in YAML or JSON: what 1,000,000 reads cost stands beside the comparison')
    .option('--long', 'the default run with ten times the operations, on both engines throughout')
    .option('--virtual', 'on virtual time: engine: targets and the embedded database only')
    .option('--history <level>', 'full, keys:1/N or off')
    .option('--out <dir>', 'folder for the run (reports/<name>-<time>)')
    .option('--force', 'write over what another run left in that folder')
    .option('--i-own-this-target', 'allow faults against an endpoint that cacheproof did not start')
    .option('--json', 'one JSON document on stdout, nothing else')
    .option('--quiet', 'no progress')
    .action(async (workloads: string[], options: object) => {
      const { runCommand } = await import('./commands/run-command.ts')
      process.exitCode = await runCommand(workloads, options)
    })

  program
    .command('validate')
    .description('does an endpoint behave as the engine it claims to be? Runs the properties against it, on keys of its own')
    .argument('<target>', 'redis://, rediss://, valkey://, valkeys://, memcached://, local:redis, engine:valkey ...')
    .option('--profile <name>', 'which engine and version to hold it against: redis-7.0.15, valkey-8.0.1, memcached-1.6.18')
    .option('--only <property>', 'run only the properties whose id contains this; repeatable', collect)
    .option('--runs <n>', 'random sequences for each property', positiveInteger)
    .option('--seed <n>', 'seed of the sequences', integer)
    .option('--path <counterexample>', 'replay one counterexample (as printed by a failure)')
    .option('--allow <reach>', 'allow commands that reach beyond own keys and connections: server', collect)
    .option('--out <dir>', 'folder for the HTML and JUnit reports')
    .option('--json', 'one JSON document on stdout, nothing else')
    .action(async (target: string, options: object) => {
      const { validateCommand } = await import('./commands/validate-command.ts')
      process.exitCode = await validateCommand(target, options)
    })

  program
    .command('serve')
    .description('the reference engine at an address, for tests and experiments; until Ctrl-C')
    .argument('<engine>', 'redis, valkey or memcached')
    .option('--port <n>', '0 for a free one (6379, or 11211 of memcached)', integer)
    .option('--host <address>', 'where to listen (127.0.0.1)')
    .option('--unixsocket <path>', 'a Unix socket instead')
    .option('--tls-cert-file <file>', 'speak TLS with this certificate')
    .option('--tls-key-file <file>', 'and its key')
    .option('--tls-ca-cert-file <file>', 'clients have to show a certificate of this authority')
    .option('--requirepass <password>', 'what a client has to say first (redis, valkey)')
    .option('--maxmemory <size>', '64mb, as in a redis.conf')
    .option('--maxmemory-policy <policy>', 'allkeys-lru and the like; noeviction unless told (redis, valkey)')
    .option('--profile <name>', 'which version to be like: redis-7.0, valkey-8.1 (cacheproof list profiles)')
    .option('--seed <n>', 'decides what the engine leaves to chance', integer)
    .action(async (engine: string, options: object) => {
      const { serveCommand } = await import('./commands/serve-command.ts')
      process.exitCode = await serveCommand(engine, options)
    })

  program
    .command('profile')
    .description('unloaded latency of every command, by tinybench, alternated between targets')
    .argument('<target...>', 'as for run')
    .option('--client <name>', 'wire, ioredis, memjs', collect)
    .option('--time <duration>', 'time for each command and target: 250ms')
    .option('--seed <n>', 'seed of keys, values and the order of targets', integer)
    .option('--out <dir>', 'folder for the report')
    .option('--json', 'one JSON document on stdout, nothing else')
    .action(async (targets: string[], options: object) => {
      const { profileCommand } = await import('./commands/profile-command.ts')
      process.exitCode = await profileCommand(targets, options)
    })

  program
    .command('compare')
    .description('what differs within a run, or between stored runs: by workload, target, client or any setting')
    .argument('<run...>', 'run folders; the first one holds the baseline')
    .option('--by <factor>', 'the factor to compare by: target, workload, client, with.ttl ...; every one that varies unless told')
    .option('--baseline <value>', 'the level of that factor that the others are held against; the first one unless told')
    .option('--figures <names>', 'what is tested, in this order: read.p99,hit_ratio; those of the run unless told')
    .option('--equivalent-within <share>', 'a difference within this share is none that matters (5%)')
    .option('--fail-on <gate>', "a difference that fails: 'read.p99 > +10%'; repeatable", collect)
    .option('--price <file>', 'prices, in YAML or JSON: what 1,000,000 reads cost stands beside the comparison')
    .option('--out <file>', 'a page (.html), Markdown (.md) or JUnit (.xml); repeatable', collect)
    .option('--json', 'one JSON document on stdout, nothing else')
    .action(async (runs: string[], options: object) => {
      const { compareCommand } = await import('./commands/compare-command.ts')
      process.exitCode = await compareCommand(runs, options)
    })

  program
    .command('report')
    .description('write the report of a stored run again; also of a run that died')
    .argument('<run>', 'run folder')
    .option('--price <file>', 'prices, in YAML or JSON: what 1,000,000 reads cost stands beside the comparison')
    .option('--json', 'one JSON document on stdout, nothing else')
    .action(async (run: string, options: object) => {
      const { reportCommand } = await import('./commands/report-command.ts')
      process.exitCode = await reportCommand(run, options)
    })

  program
    .command('list')
    .description('what there is: workloads, patterns, properties, faults, targets, clients, claims, profiles')
    .argument('[kind]', 'one of them; all unless told')
    .option('--json', 'one JSON document on stdout, nothing else')
    .action(async (kind: string | undefined, options: object) => {
      const { listCommand } = await import('./commands/list-command.ts')
      process.exitCode = await listCommand(kind, options)
    })

  for (const command of program.commands) command.exitOverride().showHelpAfterError(`(cacheproof ${command.name()} --help shows its flags)`)
  return program
}

async function refuseUnknown(program: Command): Promise<void> {
  const { nearest } = await import('../measure/nearest.ts')
  const [given = ''] = program.args
  const names = program.commands.map((command) => command.name())
  const close = nearest(given, names)
  program.error(`error: there is no command "${given}"\n  ${close ? `did you mean ${close}?` : `expected one of ${names.join(', ')}`}`)
}

function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value]
}

function integer(value: string): number {
  if (!/^\d{1,15}$/.test(value)) throw new InvalidArgumentError('Expected a whole number, like 7.')
  return Number(value)
}

function positiveInteger(value: string): number {
  const number = integer(value)
  if (number === 0) throw new InvalidArgumentError('Expected a whole number of at least 1.')
  return number
}
