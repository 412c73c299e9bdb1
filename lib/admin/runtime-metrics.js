'use strict';
// runtimeMetrics: what a runtime has counted, under the names that docs/admin.md lists.
//
// Pure. Counters never fall while a runtime lives; the rate of a summary's sum over that of its count is an average: of
// holdfast_flush_commits, commits for each flush.

/**
 * @typedef {object} Counted
 * @property {Record<string, number>} core numbers of the native core (Runtime.metrics() in native/node)
 * @property {number} requests
 * @property {number} requestsDone
 * @property {{rss: number, heapTotal: number, heapUsed: number, external: number}} memory bytes
 */

/** @param {Counted} counted @returns {import('./prometheus').Metric[]} */
function runtimeMetrics({ core, requests, requestsDone, memory }) {
  return [
    counter('requests_total', 'HTTP requests received.', requests),
    gauge('requests_active', 'HTTP requests without a complete response.', requests - requestsDone),
    gauge('connections', 'Open connections.', core.connections),
    counter('connections_accepted_total', 'Connections accepted.', core.connectionsAccepted),
    states('sockets', 'WebSockets, by whether a peer of the network is at their other end.', {
      connected: core.socketsConnected,
      unconnected: core.sockets - core.socketsConnected,
    }),
    states('object_sockets', 'WebSockets that objects have accepted, by state.', {
      standard: core.socketsStandard,
      awake: core.socketsHibernatable - core.socketsHibernated,
      hibernated: core.socketsHibernated,
    }),
    states('objects', 'Objects that the runtime knows of, by state.', {
      resident: core.running,
      hibernated: core.hibernated,
      idle: core.records - core.running - core.hibernated,
    }),
    counter('turns_total', 'Calls from the core into JavaScript.', core.turns),
    counter('turn_events_total', 'Events that those calls carried.', core.events),
    gauge('queue_depth', 'Events that wait for their object.', core.queuedEvents),
    gauge('gates_waiting', 'Outputs that wait for a commit to be durable.', core.gatesWaiting),
    counter('commits_total', 'Commits of objects.', core.commits),
    counter('commits_failed_total', 'Commits that failed.', core.commitsFailed),
    counter('flushes_total', 'Flushes of the commit log.', core.flushes),
    summary(
      'flush_seconds',
      'A flush of the commit log.',
      core.logFlushMs / 1_000,
      core.logBatches,
    ),
    gauge(
      'disk_full',
      'Whether the disk of the data directory is full, so that writes are refused.',
      core.diskFull,
    ),
    summary('flush_commits', 'Commits that share a flush.', core.logCommits, core.logBatches),
    summary('flush_bytes', 'Bytes of the log for a flush.', core.logBytes, core.logBatches),
    summary(
      'commit_wait_seconds',
      'From the commits of a turn until they were durable.',
      core.commitWaitMs / 1_000,
      core.commitWaits,
    ),
    states('alarms', 'Alarms in memory, by state.', {
      waiting: core.alarmsHeld - core.alarmsRunning,
      running: core.alarmsRunning,
    }),
    states('memory_bytes', 'Memory of the process.', {
      resident: memory.rss,
      heap_total: memory.heapTotal,
      heap_used: memory.heapUsed,
      external: memory.external,
    }),
  ];
}

/** @param {string} name @param {string} help @param {number} value @returns {import('./prometheus').Metric} */
const counter = (name, help, value) => ({
  name: `holdfast_${name}`,
  type: 'counter',
  help,
  samples: [{ value }],
});

/** @param {string} name @param {string} help @param {number} value @returns {import('./prometheus').Metric} */
const gauge = (name, help, value) => ({
  name: `holdfast_${name}`,
  type: 'gauge',
  help,
  samples: [{ value }],
});

/** @param {string} name @param {string} help @param {number} sum @param {number} count @returns {import('./prometheus').Metric} */
const summary = (name, help, sum, count) => ({
  name: `holdfast_${name}`,
  type: 'summary',
  help,
  samples: [
    { suffix: '_sum', value: sum },
    { suffix: '_count', value: count },
  ],
});

/** @param {string} name @param {string} help @param {Record<string, number>} values @returns {import('./prometheus').Metric} */
const states = (name, help, values) => ({
  name: `holdfast_${name}`,
  type: 'gauge',
  help,
  samples: Object.entries(values).map(([state, value]) => ({ labels: { state }, value })),
});

module.exports = { runtimeMetrics };
