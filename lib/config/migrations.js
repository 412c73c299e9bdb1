// planMigrations: what the migrations of a config mean for stored data (S8.4). Pure: the caller carries it out.
//
// Data lives under a *unique key*, and ids are derived from it, so a namespace keeps its unique key for life: a rename
// only changes which class name leads to it, a transfer which Worker (ids, data and alarms stay valid, S8.4.5). The record
// of this is MigrationState, one per Worker, stored as JSON beside the data.
//
// Without a record nothing was applied here yet, but the directory may hold what `wrangler dev` left, which neither renames nor
// deletes (S8.4.9): a namespace is then looked for under the name that its class has now, and nothing is deleted.
//
// The happy path: read the state, plan, carry out `steps` in order, store `sources` and `state`, serve.
// The ways it fails: the process dies between steps, or before the state is stored. Then the same plan is made again;
// that is safe as each step may be repeated (removing what is gone is no error) and nothing is served before the state
// is stored. `sources` are stored first: a Worker whose own record does not have a transferred class yet finds it in theirs.
'use strict';

const { pendingMigrations } = require('./applied-migrations');
const { NamespacePlan } = require('./namespace-plan');

/** @typedef {import('./migration-list').Migration} Migration */
/** @typedef {Omit<Migration, 'tag'>} Changes */
/** @typedef {import('./migration-list').StorageKind | 'undeclared'} NamespaceKind */

/**
 * @typedef {object} Namespace
 * @property {string} uniqueKey
 * @property {NamespaceKind} kind `undeclared`: bound, but in no migration; legacy storage rules hold (S8.3.3).
 */

/** @typedef {Namespace & {script: string, className: string}} Transfer Where a class went. */

/**
 * @typedef {object} MigrationState
 * @property {2} version
 * @property {string[]} tags The migrations applied, in order.
 * @property {Record<string, Namespace>} classes By the name the class has now.
 * @property {Record<string, Transfer>} [transferred] By the name the class had here.
 */

/**
 * @typedef {{type: 'create', className: string, uniqueKey: string, kind: NamespaceKind}
 *   | {type: 'rename', from: string, to: string, uniqueKey: string}
 *   | {type: 'transfer', from: string, fromScript: string, to: string, uniqueKey: string}
 *   | {type: 'delete', className: string, uniqueKey: string}} MigrationStep
 *   `delete` removes all data and alarms under the unique key. The others only inform: nothing need be done for them.
 */

/** @typedef {(script: string) => MigrationState | undefined} StateOf */

/**
 * @typedef {object} PlanInput
 * @property {string} workerName
 * @property {MigrationState} [state] Nothing was stored yet: undefined.
 * @property {readonly Migration[]} [migrations] Undefined: there is no config that could have any.
 * @property {Changes} [changes] Of `exports`: carried out as far as they were not yet.
 * @property {Iterable<[string, NamespaceKind]>} [classes] Classes the config needs in the end; those that no
 *   migration created get a namespace, too.
 * @property {(uniqueKey: string) => boolean} [hasData] Whether anything lies under that key.
 * @property {StateOf} [stateOf] What is stored of another Worker.
 * @property {boolean} [adopt] The list replaces the one that was applied: what it says is there or made, and counts as applied.
 */

/**
 * @param {PlanInput} input
 * @returns {{steps: MigrationStep[], state: MigrationState, sources: Map<string, MigrationState>, warnings: string[]}} `sources`:
 *   the records of other Workers that lost a class
 * @throws {Error} the migrations contradict what is stored
 */
function planMigrations(input) {
  const { workerName, state, migrations, changes, classes = [], adopt = false } = input;
  const { hasData = () => false, stateOf = () => undefined } = input;
  const plan = new NamespacePlan(workerName, state);
  const world = { plan, stateOf, hasData };
  const applied = state?.tags ?? [];
  // Whoever changes over to `exports` leaves the list away.
  const isListed = migrations !== undefined && (migrations.length > 0 || changes === undefined);
  if (adopt) reconcile(world, migrations ?? []);
  else if (isListed)
    for (const migration of pendingMigrations(applied, migrations)) apply(world, migration);
  if (changes) reconcile(world, [changes]);
  for (const [name, kind] of classes) plan.require(name, kind);
  if (state === undefined) plan.adopt(hasData);
  const tags = isListed || adopt ? (migrations ?? []).map(({ tag }) => tag) : applied;
  const { steps, changedSources: sources, warnings } = plan;
  return { steps, state: plan.toState(tags), sources, warnings };
}

/**
 * @typedef {object} World
 * @property {NamespacePlan} plan
 * @property {StateOf} stateOf
 * @property {(uniqueKey: string) => boolean} hasData
 */

/** @param {World} world @param {Changes} migration */
function apply({ plan, stateOf, hasData }, migration) {
  for (const name of migration.deletedClasses) plan.delete(name);
  for (const { from, to } of migration.renamedClasses) plan.rename(from, to);
  for (const transfer of migration.transferredClasses) plan.transfer(transfer, stateOf, hasData);
  for (const name of migration.newClasses) plan.create('new_classes', name, 'kv');
  for (const name of migration.newSqliteClasses) plan.create('new_sqlite_classes', name, 'sqlite');
}

/**
 * Which migrations were applied does not count. Follows each stored class through the renames, keeps it when it is there in
 * the end, and deletes it only when a migration says so.
 * @param {World} world
 * @param {readonly Changes[]} migrations
 */
function reconcile({ plan, stateOf, hasData }, migrations) {
  migrations.forEach((migration, index) => {
    for (const name of migration.deletedClasses) if (plan.has(name)) plan.delete(name);
    for (const { from, to } of migration.renamedClasses) {
      if (plan.has(from) && !plan.has(to)) plan.rename(from, to);
    }
    for (const transfer of migration.transferredClasses) {
      if (!plan.has(transfer.to)) plan.transfer(transfer, stateOf, hasData);
    }
    const later = migrations.slice(index + 1);
    for (const name of migration.newClasses)
      createIfMissing(plan, later, 'new_classes', name, 'kv');
    for (const name of migration.newSqliteClasses)
      createIfMissing(plan, later, 'new_sqlite_classes', name, 'sqlite');
  });
}

/**
 * @param {NamespacePlan} plan
 * @param {readonly Changes[]} later
 * @param {string} key
 * @param {string} name
 * @param {import('./migration-list').StorageKind} kind
 */
function createIfMissing(plan, later, key, name, kind) {
  let current = name;
  for (const migration of later) {
    if (migration.deletedClasses.includes(current)) return;
    current = migration.renamedClasses.find(({ from }) => from === current)?.to ?? current;
  }
  if (plan.has(name) || plan.has(current)) plan.expectKind(plan.has(name) ? name : current, kind);
  else plan.create(key, name, kind);
}

/**
 * The record as it was stored, of this or an earlier version. Version 1 named the last migration alone.
 * @param {any} stored
 * @param {readonly Migration[]} migrations
 * @returns {MigrationState}
 */
function upgradeState(stored, migrations) {
  if (stored.version !== 1) return stored;
  const { tag, classes, transferred } = stored;
  const last = migrations.findIndex((migration) => migration.tag === tag);
  const known = migrations.slice(0, last + 1).map((migration) => migration.tag);
  const tags = tag === undefined ? [] : last < 0 ? [tag] : known;
  return { version: 2, tags, classes, ...(transferred ? { transferred } : {}) };
}

module.exports = { planMigrations, upgradeState };
