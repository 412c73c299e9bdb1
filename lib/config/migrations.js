// planMigrations: what the migrations of a config mean for stored data (S8.4). Pure: the caller carries it out.
//
// Data lives under a *unique key*, and ids are derived from it, so a namespace keeps its unique key for life: a rename
// only changes which class name leads to it (ids, data and alarms stay valid, S8.4.5). The record of this is
// MigrationState, one per Worker, stored as JSON beside the data.
//
// Without a record nothing was applied here yet, but the directory may hold what `wrangler dev` left, which neither renames nor
// deletes (S8.4.9): a namespace is then looked for under the name that its class has now, and nothing is deleted.
//
// The happy path: read the state, plan, carry out `steps` in order, store `state`, serve.
// The ways it fails: the process dies between steps, or before the state is stored. Then the same plan is made again;
// that is safe as each step may be repeated (removing what is gone is no error) and nothing is served before the state
// is stored.
'use strict';

/** @typedef {import('./migration-list').Migration} Migration */
/** @typedef {Omit<Migration, 'tag'>} Changes */
/** @typedef {import('./migration-list').StorageKind | 'undeclared'} NamespaceKind */

/**
 * @typedef {object} Namespace
 * @property {string} uniqueKey
 * @property {NamespaceKind} kind `undeclared`: bound, but in no migration; legacy storage rules hold (S8.3.3).
 */

/**
 * @typedef {object} MigrationState
 * @property {1} version
 * @property {string} [tag] The last migration applied.
 * @property {Record<string, Namespace>} classes By the name the class has now.
 */

/**
 * @typedef {{type: 'create', className: string, uniqueKey: string, kind: NamespaceKind}
 *   | {type: 'rename', from: string, to: string, uniqueKey: string}
 *   | {type: 'delete', className: string, uniqueKey: string}} MigrationStep
 *   `delete` removes all data and alarms under the unique key. The others only inform: nothing need be done for them.
 */

/**
 * @param {object} input
 * @param {string} input.workerName
 * @param {MigrationState} [input.state] Nothing was stored yet: undefined.
 * @param {readonly Migration[]} input.migrations
 * @param {Changes} [input.changes] Of `exports`: carried out as far as they were not yet.
 * @param {Iterable<[string, NamespaceKind]>} [input.classes] Classes the config needs in the end; those that no
 *   migration created get a namespace, too.
 * @param {(uniqueKey: string) => boolean} [input.hasData] Whether anything lies under that key.
 * @returns {{steps: MigrationStep[], state: MigrationState, warnings: string[]}}
 * @throws {Error} the migrations contradict what is stored
 */
function planMigrations({
  workerName,
  state,
  migrations,
  changes,
  classes = [],
  hasData = () => false,
}) {
  const plan = new Plan(workerName, state);
  const applied =
    state?.tag === undefined ? -1 : migrations.findIndex(({ tag }) => tag === state.tag);
  const unknownTag = state?.tag !== undefined && applied < 0;
  if (unknownTag) {
    plan.warnings.push(
      `The last applied migration ${JSON.stringify(state.tag)} is no longer in the config; all migrations are applied again, ` +
        'without those whose result is there already.',
    );
  }
  const pending = migrations.slice(applied + 1);
  if (unknownTag) reconcile(plan, pending);
  else for (const migration of pending) apply(plan, migration);
  if (changes) reconcile(plan, [changes]);
  for (const [name, kind] of classes) plan.require(name, kind);
  if (state === undefined) plan.adopt(hasData);
  const tag = migrations.at(-1)?.tag ?? state?.tag;
  return { steps: plan.steps, state: plan.toState(tag), warnings: plan.warnings };
}

/** @param {Plan} plan @param {Changes} migration */
function apply(plan, migration) {
  for (const name of migration.deletedClasses) plan.delete(name);
  for (const { from, to } of migration.renamedClasses) plan.rename(from, to);
  for (const { from, fromScript, to } of migration.transferredClasses)
    plan.transfer(from, fromScript, to);
  for (const name of migration.newClasses) plan.create('new_classes', name, 'kv');
  for (const name of migration.newSqliteClasses) plan.create('new_sqlite_classes', name, 'sqlite');
}

/**
 * The stored tag is unknown, so which migrations were applied is unknown, too. Follows each stored class through the
 * renames, keeps it when it is there in the end, and deletes it only when a migration says so.
 * @param {Plan} plan
 * @param {readonly Changes[]} migrations
 */
function reconcile(plan, migrations) {
  for (const migration of migrations) {
    for (const name of migration.deletedClasses) if (plan.has(name)) plan.delete(name);
    for (const { from, to } of migration.renamedClasses) {
      if (plan.has(from) && !plan.has(to)) plan.rename(from, to);
    }
    for (const { from, fromScript, to } of migration.transferredClasses) {
      if (!plan.has(to)) plan.transfer(from, fromScript, to);
    }
    const later = migrations.slice(migrations.indexOf(migration) + 1);
    for (const name of migration.newClasses)
      createIfMissing(plan, later, 'new_classes', name, 'kv');
    for (const name of migration.newSqliteClasses)
      createIfMissing(plan, later, 'new_sqlite_classes', name, 'sqlite');
  }
}

/**
 * @param {Plan} plan
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

/** The namespaces as they are after the steps so far. */
class Plan {
  /** @type {MigrationStep[]} */
  steps = [];
  /** @type {string[]} */
  warnings = [];
  /** @type {Map<string, Namespace>} */
  #classes;
  #workerName;

  /** @param {string} workerName @param {MigrationState} [state] */
  constructor(workerName, state) {
    this.#workerName = workerName;
    this.#classes = new Map(Object.entries(state?.classes ?? {}));
  }

  /** @param {string} name */
  has(name) {
    return this.#classes.has(name);
  }

  /**
   * A class that was used before any migration declared it keeps its data and takes the declared kind.
   * @param {string} key
   * @param {string} name
   * @param {NamespaceKind} kind
   */
  create(key, name, kind) {
    const existing = this.#classes.get(name);
    if (existing && existing.kind !== 'undeclared') {
      throw new Error(`Cannot apply ${key} migration to existing class ${name}`);
    }
    const uniqueKey = existing?.uniqueKey ?? this.#freeKey(name);
    this.#classes.set(name, { uniqueKey, kind });
    this.steps.push({ type: 'create', className: name, uniqueKey, kind });
  }

  /** @param {string} from @param {string} to */
  rename(from, to) {
    const namespace = this.#classes.get(from);
    if (!namespace)
      throw new Error(`Cannot apply renamed_classes migration to non-existent class ${from}`);
    if (this.#classes.has(to))
      throw new Error(`Cannot apply renamed_classes migration to existing class ${to}`);
    this.#classes.delete(from);
    this.#classes.set(to, namespace);
    this.steps.push({ type: 'rename', from, to, uniqueKey: namespace.uniqueKey });
  }

  /** @param {string} name */
  delete(name) {
    const namespace = this.#classes.get(name);
    if (!namespace)
      throw new Error(`Cannot apply deleted_classes migration to non-existent class ${name}`);
    this.#classes.delete(name);
    this.steps.push({ type: 'delete', className: name, uniqueKey: namespace.uniqueKey });
  }

  /** @param {string} from @param {string} fromScript @param {string} to */
  transfer(from, fromScript, to) {
    this.create('transferred_classes', to, 'sqlite');
    this.warnings.push(
      `Class ${to} starts empty: holdfast does not support transferred_classes yet, so what class ${from} of ${fromScript} ` +
        'stored is not taken over.',
    );
  }

  /** @param {string} name @param {NamespaceKind} kind */
  expectKind(name, kind) {
    const namespace = /** @type {Namespace} */ (this.#classes.get(name));
    if (namespace.kind !== kind && namespace.kind !== 'undeclared') {
      throw new Error(
        `Class ${name} has ${namespace.kind} storage and cannot become ${kind}: what it was created with is kept for good. ` +
          'Bind a class of another name, or delete this one with deleted_classes first',
      );
    }
    this.#classes.set(name, { ...namespace, kind });
  }

  /** @param {string} name @param {NamespaceKind} kind */
  require(name, kind) {
    if (!this.#classes.has(name)) this.create('new_classes', name, kind);
    else if (kind !== 'undeclared') this.expectKind(name, kind);
  }

  /**
   * Nothing is recorded: each namespace has the key of its class's present name, as in wrangler, unless data lies only
   * under the key it had before a rename.
   * @param {(uniqueKey: string) => boolean} hasData
   */
  adopt(hasData) {
    const present = [...this.#classes.keys()].map((name) => this.#keyOf(name));
    for (const [name, namespace] of this.#classes) {
      const { uniqueKey: before } = namespace;
      const now = this.#keyOf(name);
      const isRenamed = !hasData(now) && hasData(before) && !present.includes(before);
      this.#classes.set(name, { ...namespace, uniqueKey: isRenamed ? before : now });
    }
    this.steps = [...this.#classes].map(([className, namespace]) => ({
      type: 'create',
      className,
      ...namespace,
    }));
  }

  /** S1.1.1 @param {string} name */
  #keyOf(name) {
    return `${this.#workerName}-${name}`;
  }

  /**
   * @param {string | undefined} tag
   * @returns {MigrationState}
   */
  toState(tag) {
    return {
      version: 1,
      ...(tag === undefined ? {} : { tag }),
      classes: Object.fromEntries(this.#classes),
    };
  }

  /**
   * `<worker>-<class>` (S1.1.1); a class that was renamed away may still hold that key.
   * @param {string} name
   */
  #freeKey(name) {
    const taken = new Set([...this.#classes.values()].map(({ uniqueKey }) => uniqueKey));
    const wanted = this.#keyOf(name);
    let key = wanted;
    for (let number = 2; taken.has(key); number++) key = `${wanted}-${number}`;
    return key;
  }
}

module.exports = { planMigrations };
