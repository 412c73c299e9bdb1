'use strict';
// Whether new code can take over in a shard that runs (spec S2.4.1): it keeps its namespaces, and what stands beside them.

const { Worker } = require('./workers/worker');

/** @typedef {import('./shard').Shard} Shard */
/** @typedef {import('./member').Member} Member */

/** The new code cannot take over in a shard that runs: it needs one that is started for it. */
class RestartNeeded extends Error {}

/** The namespaces of Workers; the stores of bindings stay as they are. @param {Shard} shard */
const namespacesOf = (shard) => shard.namespaces.filter(({ worker }) => worker instanceof Worker);

/**
 * Before the code is loaded. Migrations that delete data, rename a class or bring back a namespace with data need a new start.
 * @param {Shard} shard
 * @param {InstanceType<typeof import('./migration-ledger').MigrationLedger>} ledger that everything was planned with
 * @param {Member[]} members
 * @throws {RestartNeeded} never for a shard without Workers
 */
function checkInPlace(shard, ledger, members) {
  if (shard.exchanges === undefined) return;
  const planned = members.flatMap(({ name }) =>
    Object.entries(ledger.stateOf(name)?.classes ?? {}),
  );
  const isKept = namespacesOf(shard).every((entry) =>
    planned.some(
      ([className, { uniqueKey, kind }]) =>
        className === entry.className &&
        uniqueKey === entry.uniqueKey &&
        kindOf(kind) === entry.kind,
    ),
  );
  const isFresh = ledger.steps.every(
    (step) => step.type === 'create' && !shard.native.hasObjects(step.uniqueKey),
  );
  if (!isKept || !isFresh) throw new RestartNeeded();
}

/**
 * After the code is loaded: each namespace that runs must have its class in it.
 * @param {Shard} shard
 * @param {Member[]} members
 * @throws {RestartNeeded}
 */
function checkTakesAll(shard, members) {
  const isTaken = (/** @type {Shard['namespaces'][number]} */ entry) =>
    members.some(({ worker }) => worker.classes.get(entry.className) === entry);
  if (!namespacesOf(shard).every(isTaken)) throw new RestartNeeded();
}

/** @param {import('./config/migrations').NamespaceKind} kind @returns {'sqlite' | 'kv'} */
const kindOf = (kind) => (kind === 'sqlite' ? 'sqlite' : 'kv');

module.exports = { checkInPlace, checkTakesAll, kindOf, RestartNeeded };
