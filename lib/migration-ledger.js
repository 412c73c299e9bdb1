// MigrationLedger: carries out what migrations mean for the data in one data directory, and keeps the record of it there (S8.4).
//
// Plans are made one Worker after the other before any code is loaded, so that nothing is deleted for a Worker that cannot
// start; settle() then deletes and writes the records down.
'use strict';

const { ConfigError } = require('./config/config-error');
const { planMigrations, upgradeState } = require('./config/migrations');

/** @typedef {import('./config/migrations').MigrationState} MigrationState */
/** @typedef {import('./config/migrations').MigrationStep} MigrationStep */

/** A migration deletes stored data, and nobody said that it may. */
class UnconfirmedDeletion extends ConfigError {
  /** @param {string[]} classes @param {string} workerName @param {string} [file] */
  constructor(classes, workerName, file) {
    super(
      `The migrations of ${workerName} delete ${classes.join(', ')} with everything that ${classes.length > 1 ? 'their' : 'its'} objects stored. ` +
        'To confirm, start with --delete-classes (createRuntime({ deleteClasses: true })).',
      { file },
    );
    this.name = 'UnconfirmedDeletion';
    this.classes = classes;
  }
}

/**
 * What the ledger needs of the native side.
 * @typedef {object} Store
 * @property {(key: string) => string | undefined} readMeta
 * @property {(key: string, value: string) => void} writeMeta
 * @property {(uniqueKey: string) => boolean} hasObjects
 * @property {(uniqueKey: string) => void} deleteNamespace
 */

/** @param {string} workerName */
const recordKey = (workerName) => `migrations:${workerName}`;

class MigrationLedger {
  #store;
  #mayDelete;
  #adopt;
  /** As planned so far. @type {Map<string, MigrationState>} */
  #states = new Map();
  /** @type {MigrationStep[]} */
  #steps = [];

  /**
   * @param {Store} store
   * @param {{deleteClasses?: boolean, adoptMigrations?: boolean}} [options]
   */
  constructor(store, { deleteClasses = false, adoptMigrations = false } = {}) {
    this.#store = store;
    this.#mayDelete = deleteClasses;
    this.#adopt = adoptMigrations;
  }

  /**
   * @param {object} input
   * @param {string} input.workerName
   * @param {readonly import('./config/migration-list').Migration[]} [input.migrations]
   * @param {import('./config/migrations').Changes} [input.changes]
   * @param {Iterable<[string, import('./config/migrations').NamespaceKind]>} input.classes
   * @param {string} [input.configPath]
   * @returns {string[]} warnings
   * @throws {ConfigError} the migrations contradict what is stored, or delete data without leave
   */
  plan({ configPath, ...input }) {
    const { workerName, migrations = [] } = input;
    const hasData = (/** @type {string} */ uniqueKey) => this.#store.hasObjects(uniqueKey);
    const plan = inFile(configPath, () =>
      planMigrations({
        ...input,
        state: this.stored(workerName, migrations),
        hasData,
        stateOf: (script) => this.stored(script, []),
        adopt: this.#adopt,
      }),
    );
    const lost = plan.steps.flatMap((step) =>
      step.type === 'delete' && hasData(step.uniqueKey) ? [step.className] : [],
    );
    if (lost.length > 0 && !this.#mayDelete)
      throw new UnconfirmedDeletion(lost, workerName, configPath);
    for (const [script, state] of plan.sources) this.#states.set(script, state);
    this.#states.set(workerName, plan.state);
    this.#steps.push(...plan.steps);
    return plan.warnings;
  }

  /** After plan(), so that it is there. @param {string} workerName @returns {MigrationState} */
  stateOf(workerName) {
    return /** @type {MigrationState} */ (this.#states.get(workerName));
  }

  /**
   * The record of one Worker: as planned, or else as it is stored.
   * @param {string} workerName
   * @param {readonly import('./config/migration-list').Migration[]} migrations of its config
   * @returns {MigrationState | undefined}
   */
  stored(workerName, migrations) {
    const planned = this.#states.get(workerName);
    if (planned !== undefined) return planned;
    const stored = this.#store.readMeta(recordKey(workerName));
    return stored === undefined ? undefined : upgradeState(JSON.parse(stored), migrations);
  }

  /** What is to be carried out. @returns {readonly MigrationStep[]} */
  get steps() {
    return this.#steps;
  }

  /** Carries out and records what was planned. Records of Workers that lost a class come first: see planMigrations. */
  settle() {
    for (const step of this.#steps) {
      if (step.type === 'delete') this.#store.deleteNamespace(step.uniqueKey);
    }
    for (const [workerName, state] of this.#states) {
      const key = recordKey(workerName);
      const record = JSON.stringify(state);
      if (record !== this.#store.readMeta(key)) this.#store.writeMeta(key, record);
    }
    this.#steps = [];
  }
}

/** @template Value @param {string | undefined} file @param {() => Value} fn @returns {Value} */
function inFile(file, fn) {
  try {
    return fn();
  } catch (error) {
    throw new ConfigError(/** @type {Error} */ (error).message, { file });
  }
}

module.exports = { MigrationLedger, UnconfirmedDeletion };
