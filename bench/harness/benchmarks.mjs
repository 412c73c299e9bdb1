// The benchmarks by name. A name is never given to something else.
import { setTimeout as delay } from 'node:timers/promises';
import { runLoad } from './client.mjs';
import { counters } from './counters.mjs';
import { cpuMilliseconds, treeOf } from './process-tree.js';
import { alarmBenchmarks } from './alarm-benchmarks.mjs';
import { devBenchmarks } from './dev-benchmarks.mjs';
import { idleObjectBenchmarks } from './idle-objects.mjs';
import { idleSocketBenchmarks } from './idle-sockets.mjs';
import { median } from './statistics.js';
import { withServer } from './servers.mjs';

const connections = 64;
const sockets = 64;
const roomSockets = 100;
const manySockets = 1_000;
// workerd takes two descriptors for each, keeps those of the gone, and has 20,000 of them.
const connects = 3_500;
const connectsFirst = 6_000; // by then the code of both is compiled
const restMs = 1_000; // until the server is done with what a load left

const objects = 1_000;

const activationPassesMax = 10;
const activationGain = 0.8; // a pass that takes more than this part of the one before found nothing new to do

const startsPerRound = 3;

/** How many times each runs; the two that read a whole table read that many rows. */
const insideOperations = {
  'await-put': 100_000,
  'await-get': 100_000,
  'kv-put': 200_000,
  'kv-get': 200_000,
  insert: 100_000,
  'to-array': 100_000,
  raw: 100_000,
  point: 50_000,
  update: 50_000,
};

/** Calls of other objects; they need no rows. */
const insideCalls = {
  'rpc-sequential': 100_000,
  'rpc-batch': 100_000,
  'stub-fetch': 50_000,
  start: 20_000,
};

const sqlOperations = new Set(['insert', 'to-array', 'raw', 'point', 'update']);

/**
 * @typedef {import('./servers.mjs').Server} Server
 * @typedef {import('./statistics.js').Metrics} Metrics
 * @typedef {{side: string, round: number, seconds: number, dir: string}} Round `dir` is a new path
 *
 * @typedef {object} Benchmark
 * @property {string} does
 * @property {string} [node] the fixture of bench/servers that does the same
 * @property {boolean} [floor] whether bench/servers/epoll_floor.cc does the same
 * @property {boolean} [sqlite] whether bench/servers/sqlite-inside.mjs does the same
 * @property {string[]} [against] the only others that do it
 * @property {boolean} ownServer whether it starts its servers itself
 * @property {string[]} headline the metrics that are compared
 * @property {(round: Round, server: Server) => Promise<Metrics>} measure
 */

/**
 * @param {string} does
 * @param {string} mode of the client
 * @param {(round: Round) => import('./client.mjs').ClientOptions} options
 * @param {{node?: string, floor?: boolean, objects?: number, before?: import('./client.mjs').ClientOptions}} [extra] `objects`:
 *   how many are to be in memory before the warm-up; `before`: a load that comes first, for those of a count of requests have no warm-up
 * @returns {Benchmark}
 */
function load(does, mode, options, extra = {}) {
  return {
    does,
    node: extra.node,
    floor: extra.floor,
    ownServer: false,
    headline: ['ops_per_s', 'cpu_us_per_op'],
    async measure(round, { pid, port }) {
      if (extra.before) {
        await runLoad(mode, { port, ...extra.before });
        await delay(restMs);
      }
      if (extra.objects) await activate(mode, { port, ...options(round) }, extra.objects);
      const run = await runLoad(mode, {
        port,
        'warm-up': Math.max(1, round.seconds / 2),
        seconds: round.seconds,
        watch: treeOf(pid),
        ...options(round),
      });
      if (run.server_cpu_us === undefined) throw new Error('the server is gone');
      return {
        ops_per_s: run.ops_per_s,
        cpu_us_per_op: run.server_cpu_us / run.ops,
        p50_us: run.p50_us,
        p99_us: run.p99_us,
        max_us: run.max_us,
        client_busy: run.client_cpu_us / 1e6 / run.seconds,
        server_busy: run.server_cpu_us / 1e6 / run.seconds,
      };
    },
  };
}

/**
 * A server of its own for each round.
 * @param {Benchmark} benchmark
 * @returns {Benchmark}
 */
function onNewServer(benchmark) {
  return {
    ...benchmark,
    ownServer: true,
    measure: (round) =>
      withServer({ ...round, fixture: benchmark.node }, (server) =>
        benchmark.measure(round, server),
      ),
  };
}

/**
 * Goes over the objects until another pass is hardly faster: all are in memory, and none is idle for long. One pass is
 * not enough when it takes longer than the time after which a runtime lets an idle object go.
 * @param {string} mode
 * @param {import('./client.mjs').ClientOptions} options
 * @param {number} count
 */
async function activate(mode, options, count) {
  let before = Infinity;
  for (let pass = 0; pass < activationPassesMax; pass++) {
    const { seconds } = await runLoad(mode, { ...options, requests: count });
    if (seconds > activationGain * before) return;
    before = seconds;
  }
}

/**
 * Requests that each make one commit: how well the flushes are shared, too, where the server tells (Holdfast).
 * @param {Parameters<typeof load>} given
 * @returns {Benchmark}
 */
function commits(...given) {
  const benchmark = load(...given);
  return {
    ...benchmark,
    headline: [...benchmark.headline, 'flushes_per_s', 'commits_per_flush'],
    async measure(round, server) {
      if (round.side !== 'holdfast') return benchmark.measure(round, server);
      const before = await counters(server.adminSocket);
      const metrics = await benchmark.measure(round, server);
      const after = await counters(server.adminSocket);
      const made = (/** @type {string} */ name) => after[name] - before[name];
      const commitsPerFlush = made('holdfast_commits_total') / made('holdfast_flushes_total');
      return {
        ...metrics,
        flushes_per_s: metrics.ops_per_s / commitsPerFlush,
        commits_per_flush: commitsPerFlush,
      };
    },
  };
}

/**
 * Operations inside one handler: a request runs them all, so the client's clock tells.
 * @param {[operation: string, count: number]} given
 * @returns {[string, Benchmark]}
 */
function inside([operation, count]) {
  const run = (port, path) =>
    runLoad('http', { port, connections: 1, requests: 1, path, expect: 'done' });
  const measure = async (_round, { pid, port }) => {
    // The rows that the others read.
    if (Object.hasOwn(insideOperations, operation))
      await run(port, `/inside/insert/${insideOperations.insert}`);
    if (operation !== 'insert') await run(port, `/inside/${operation}/${count}`);
    const before = cpuMilliseconds(pid);
    const { seconds } = await run(port, `/inside/${operation}/${count}`);
    const cpu = cpuMilliseconds(pid) - before;
    return { ops_per_s: count / seconds, cpu_us_per_op: (cpu * 1000) / count };
  };
  const does = `${operation}, ${count} times in one handler`;
  const sqlite = sqlOperations.has(operation);
  const headline = ['ops_per_s'];
  return [`inside/${operation}`, { does, sqlite, ownServer: false, headline, measure }];
}

/** @param {string} does @param {string} path @param {string} expect @param {Parameters<typeof load>[3]} [extra] */
function requests(does, path, expect, extra) {
  return load(does, 'http', () => ({ connections, path, expect }), extra);
}

/** @type {Record<string, Benchmark>} */
export const benchmarks = {
  'http/hello': requests('a Worker answers by itself', '/hello', 'Hello, World!', {
    node: 'node-http',
    floor: true,
  }),
  'http/hello-alone': load(
    'the same, one connection: what one request takes',
    'http',
    () => ({
      connections: 1,
      path: '/hello',
      expect: 'Hello, World!',
    }),
    { node: 'node-http' },
  ),
  'actor/fetch-1': requests('stub.fetch to one object', '/do/one', 'ok', { floor: true }),
  'actor/fetch-1000': requests(
    `stub.fetch to ${objects} objects in turn`,
    `/do/obj-{0..${objects - 1}}`,
    'ok',
    { objects, floor: true },
  ),
  'rpc/call-1': requests('an RPC method of one object', '/rpc/one', 'ok', { floor: true }),
  'rpc/call-1000': requests(
    `an RPC method of ${objects} objects in turn`,
    `/rpc/obj-{0..${objects - 1}}`,
    'ok',
    { objects, floor: true },
  ),
  'storage/put-1': commits('get and durable put of a counter, one object', 'http', () => ({
    connections,
    path: '/put/one',
    expect: 'count',
  })),
  'storage/put-1000': commits(
    `get and durable put of a counter, ${objects} objects in turn`,
    'http',
    () => ({ connections, path: `/put/obj-{0..${objects - 1}}`, expect: 'count' }),
    { objects },
  ),
  'storage/put-1-alone': commits(
    'get and durable put of a counter, one connection',
    'http',
    () => ({
      connections: 1,
      path: '/put/one',
      expect: 'count',
    }),
  ),
  'storage/create': commits(
    'a new object with one durable put, each time',
    'http',
    ({ round }) => ({
      connections,
      path: `/put/new-${round}-{n}`,
      expect: 'count',
    }),
  ),
  ...Object.fromEntries(Object.entries({ ...insideOperations, ...insideCalls }).map(inside)),
  'sql/read-1': requests('SQL read of one row by key of 1,000, one object', '/sql/one', 'row'),
  'ws/echo': load(
    `${sockets} hibernatable sockets of one object, 32 bytes there and back, one under way each`,
    'echo',
    () => ({ connections: sockets, path: '/ws/echo' }),
    { node: 'node-ws', floor: true },
  ),
  'ws/broadcast': load(
    `deliveries in a room of ${roomSockets} sockets, 4 broadcasts under way`,
    'broadcast',
    ({ round }) => ({ connections: roomSockets, window: 4, path: `/ws-broadcast/room-${round}` }),
    { node: 'node-ws' },
  ),
  'ws/echo-1000': load(
    `${manySockets} hibernatable sockets of one object of which ${sockets} speak, 32 bytes there and back`,
    'echo',
    () => ({ connections: manySockets, active: sockets, path: '/ws/echo' }),
    { node: 'node-ws', floor: true },
  ),
  'ws/broadcast-1000': load(
    `deliveries in a room of ${manySockets} sockets, 4 broadcasts under way`,
    'broadcast',
    ({ round }) => ({ connections: manySockets, window: 4, path: `/ws-broadcast/many-${round}` }),
    { node: 'node-ws' },
  ),
  'ws/connect': onNewServer(
    load(
      `handshakes of hibernatable sockets of one object, ${connections} under way, until ${connects} are open, after ${connectsFirst} on another`,
      'connect',
      () => ({ connections, requests: connects, path: '/ws/connect' }),
      {
        node: 'node-ws',
        floor: true,
        before: { connections, requests: connectsFirst, path: '/ws/before' },
      },
    ),
  ),
  'ws/auto-response': load(`${sockets} sockets of one object, automatic answers`, 'echo', () => ({
    connections: sockets,
    path: '/ws-auto/one',
    message: 'ping',
    expect: 'pong',
  })),
  ...devBenchmarks,
  ...idleObjectBenchmarks,
  ...idleSocketBenchmarks,
  ...alarmBenchmarks,
  'actor/cold': load('the first request of an object, each time a new one', 'http', (round) => ({
    connections,
    path: `/cold/${round.round}-{n}`,
    expect: 'ok',
  })),
  'process/start': {
    does: 'from spawn to the first answer with status 200',
    node: 'node-http',
    ownServer: true,
    headline: ['start_ms', 'start_cpu_ms'],
    measure: measureStart,
  },
};

/** @param {Round} round @returns {Promise<Metrics>} */
async function measureStart({ side, dir }) {
  const starts = [];
  for (let i = 0; i < startsPerRound; i++) {
    const begin = performance.now();
    await withServer({ side, dir: `${dir}-${i}` }, async ({ pid, port }) => {
      const { status } = await fetch(`http://127.0.0.1:${port}/hello`);
      if (status !== 200) throw new Error(`/hello answered with status ${status}`);
      starts.push([performance.now() - begin, cpuMilliseconds(pid)]);
    });
  }
  return {
    start_ms: median(starts.map(([ms]) => ms)),
    start_cpu_ms: median(starts.map(([, cpu]) => cpu)),
  };
}
