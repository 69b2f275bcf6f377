// Brings the real servers and the browser that the tests need, from Debian's packages, when they are missing and
// we may (root, or sudo without a password). Says by name what it could not get; under CI=true that is a failure.
import { spawnSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { missingInWords, missingPrograms } from './needed-programs.mjs'

let missing = missingPrograms()
if (missing.length > 0) {
  const apt = process.env.CACHEPROOF_NO_INSTALL ? undefined : mayInstall()
  if (apt) {
    console.log(`cacheproof: installing for the tests: ${missing.map(({ program }) => program).join(', ')}`)
    install(apt, missing)
    missing = missingPrograms()
  }
}
for (const one of missing) console.error(`cacheproof: ${missingInWords(one)}; tests that need it are left out`)
if (missing.length > 0 && process.env.CI === 'true') {
  console.error('cacheproof: under CI=true a missing program fails the run')
  process.exit(1)
}

function mayInstall() {
  if (!existsSync('/usr/bin/apt-get')) return undefined
  if (process.getuid?.() === 0) return []
  return spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : undefined
}

function install(prefix, wanted) {
  const apt = (...args) => {
    const [program, ...rest] = [...prefix, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]
    return spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
  }
  // A package's own service must not start: the tests start servers of their own, on free ports.
  const policy = '/usr/sbin/policy-rc.d'
  const blocked = prefix.length === 0 && !existsSync(policy)
  if (blocked) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    apt('update', '-q')
    for (const { packages, backports } of wanted) {
      const done = apt('install', '-q', '-y', '--no-install-recommends', ...packages)
      if (!done && backports) installFromBackports(prefix, apt, packages)
    }
  } finally {
    if (blocked) rmSync(policy, { force: true })
  }
}

/** The release's backports, from the same mirror that the machine uses already. */
function installFromBackports(prefix, apt, packages) {
  const release = spawnSync('sh', ['-c', '. /etc/os-release; echo "$VERSION_CODENAME"'], { encoding: 'utf8' }).stdout.trim()
  const targets = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI) $(RELEASE)'], { encoding: 'utf8' }).stdout
  const [uri] =
    targets
      .split('\n')
      .map((line) => line.split(' '))
      .find(([, suite]) => suite === release) ?? []
  if (!uri) return
  const list = '/etc/apt/sources.list.d/cacheproof-backports.list'
  const line = `deb ${uri} ${release}-backports main\n`
  spawnSync(prefix[0] ?? 'tee', prefix.length > 0 ? [...prefix.slice(1), 'tee', list] : [list], { input: line, stdio: ['pipe', 'ignore', 'inherit'] })
  apt('update', '-q')
  apt('install', '-q', '-y', '--no-install-recommends', '-t', `${release}-backports`, ...packages)
}
