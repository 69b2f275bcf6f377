import { describe, expect, it } from 'vitest'
import * as api from '../src/index.ts'

describe('the public API', () => {
  it('is what it was: a name that goes away breaks programs, one that comes is a promise', () => {
    expect(Object.keys(api).sort()).toMatchInlineSnapshot(`
      [
        "ALL_PROPERTIES",
        "BigNumberReply",
        "CHECKERS",
        "CLAIMS",
        "DoubleReply",
        "EngineServer",
        "FAULTS",
        "ForeignAwaitError",
        "Histogram",
        "LAYERS",
        "MICROSECOND",
        "MILLISECOND",
        "MapReply",
        "MemcachedValues",
        "MetaReply",
        "NullArray",
        "PROGRAMS",
        "PushReply",
        "RUN_SCHEMA_VERSION",
        "ReplyError",
        "SECOND",
        "STATUSES",
        "SetReply",
        "SimpleString",
        "StandstillError",
        "TargetError",
        "UsageError",
        "VerbatimReply",
        "checkCommits",
        "checkExpiry",
        "checkLeaderboard",
        "checkLinearizability",
        "checkSessionGuarantees",
        "checkSessions",
        "checkStaleness",
        "checkValues",
        "columnsOfSource",
        "comparisonOf",
        "createMemcachedEngine",
        "createRealRuntime",
        "createRedisEngine",
        "createVirtualRuntime",
        "decodeHdrV2",
        "encodeHdrV2",
        "findMemcachedProfile",
        "findRedisProfile",
        "formatSpecError",
        "historyHash",
        "historyOf",
        "judgeCell",
        "judgeRun",
        "loadHistory",
        "mergeOutcomes",
        "openDatabase",
        "openTarget",
        "parseRun",
        "parseWorkload",
        "profileTargets",
        "readRunFile",
        "readWorkloadFile",
        "recoverRun",
        "rejudge",
        "renderComparison",
        "renderHtml",
        "renderJunit",
        "renderMarkdown",
        "renderProfile",
        "renderSummaryCsv",
        "renderValidation",
        "rowsOf",
        "run",
        "runJsonSchema",
        "sourceOfColumns",
        "startMemcached",
        "startRedis",
        "startValkey",
        "terminalReport",
        "validateTarget",
        "workloadJsonSchema",
        "writeReport",
        "writeRunFile",
      ]
    `)
  })

  it('exports nothing undefined', () => {
    expect(Object.entries(api).filter(([, value]) => value === undefined)).toEqual([])
  })

  it('runs a command on an engine with a clock one controls', () => {
    const runtime = api.createVirtualRuntime({ seed: 7 })
    const replies: api.Reply[] = []
    const sink: api.EngineSink = { reply: (_session, reply) => replies.push(reply), push: () => {}, close: () => {} }
    const profile = api.findRedisProfile('valkey')
    if (!profile) throw new Error('there is no default profile')
    const engine = api.createRedisEngine(profile, {
      sink,
      wallMicros: () => runtime.wall.nowMicros(),
      chance: runtime.chance.stream('engine'),
    })
    engine.connect(1)
    engine.feed(1, ['SET', 'greeting', 'hello', 'EX', '10'])
    engine.feed(1, ['TTL', 'greeting'])
    expect(replies[1]).toBe(10)
  })
})
