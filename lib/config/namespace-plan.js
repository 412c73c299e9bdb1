// NamespacePlan: the namespaces of a Worker as they are after the steps so far (S8.4). Pure.
'use strict';

/** @typedef {import('./migrations').NamespaceKind} NamespaceKind */
/** @typedef {import('./migrations').Namespace} Namespace */
/** @typedef {import('./migrations').MigrationState} MigrationState */
/** @typedef {import('./migrations').MigrationStep} MigrationStep */

class NamespacePlan {
  /** @type {MigrationStep[]} */
  steps = [];
  /** @type {string[]} */
  warnings = [];
  /** Of other Workers, which lose a class. @type {Map<string, MigrationState>} */
  changedSources = new Map();
  /** @type {Map<string, Namespace>} */
  #classes;
  /** @type {Map<string, import('./migrations').Transfer>} */
  #transferred;
  /** Their keys are not those of this Worker's name. @type {Set<string>} */
  #received = new Set();
  #workerName;

  /** @param {string} workerName @param {MigrationState} [state] */
  constructor(workerName, state) {
    this.#workerName = workerName;
    this.#classes = new Map(Object.entries(state?.classes ?? {}));
    this.#transferred = new Map(Object.entries(state?.transferred ?? {}));
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

  /**
   * The namespace of another Worker becomes one of this Worker, with ids, data and alarms (S8.4.7). Its former owner remembers
   * where it went.
   * @param {{from: string, fromScript: string, to: string}} transfer
   * @param {(script: string) => MigrationState | undefined} stateOf
   * @param {(uniqueKey: string) => boolean} hasData
   */
  transfer({ from, fromScript, to }, stateOf, hasData) {
    if (this.#classes.has(to))
      throw new Error(`Cannot apply transferred_classes migration to existing class ${to}`);
    const source = this.changedSources.get(fromScript) ?? stateOf(fromScript);
    const namespace =
      source?.classes[from] ??
      this.#given(source, from, to) ??
      unrecorded(source, `${fromScript}-${from}`, hasData);
    if (!namespace) {
      this.create('transferred_classes', to, 'sqlite');
      this.warnings.push(
        `Class ${to} starts empty: the data directory has no class ${from} of the Worker ${fromScript} to transfer.`,
      );
      return;
    }
    const { uniqueKey } = namespace;
    const classes = { ...source?.classes };
    delete classes[from];
    this.changedSources.set(fromScript, {
      version: 2,
      tags: [],
      ...source,
      classes,
      transferred: {
        ...source?.transferred,
        [from]: { script: this.#workerName, className: to, ...namespace },
      },
    });
    this.#classes.set(to, namespace);
    this.#received.add(to);
    this.steps.push({ type: 'transfer', from, fromScript, to, uniqueKey });
  }

  /**
   * The process died when the source's record was stored, and this Worker's was not.
   * @param {MigrationState | undefined} source
   * @param {string} from
   * @param {string} to
   * @returns {Namespace | undefined}
   */
  #given(source, from, to) {
    const gone = source?.transferred?.[from];
    if (gone?.script !== this.#workerName || gone.className !== to) return undefined;
    return { uniqueKey: gone.uniqueKey, kind: gone.kind };
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

  /** One that was transferred away is not created again: its bindings lead to its new owner. @param {string} name @param {NamespaceKind} kind */
  require(name, kind) {
    if (this.#transferred.has(name) && !this.#classes.has(name)) return;
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
      if (this.#received.has(name)) continue;
      const { uniqueKey: before } = namespace;
      const now = this.#keyOf(name);
      const isRenamed = !hasData(now) && hasData(before) && !present.includes(before);
      this.#classes.set(name, { ...namespace, uniqueKey: isRenamed ? before : now });
    }
    const created = [...this.#classes].filter(([name]) => !this.#received.has(name));
    this.steps = [
      ...this.steps.filter(({ type }) => type === 'transfer'),
      ...created.map(([className, namespace]) => ({
        type: /** @type {const} */ ('create'),
        className,
        ...namespace,
      })),
    ];
  }

  /** S1.1.1 @param {string} name */
  #keyOf(name) {
    return `${this.#workerName}-${name}`;
  }

  /**
   * @param {readonly string[]} tags
   * @returns {MigrationState}
   */
  toState(tags) {
    return {
      version: 2,
      tags: [...tags],
      classes: Object.fromEntries(this.#classes),
      ...(this.#transferred.size ? { transferred: Object.fromEntries(this.#transferred) } : {}),
    };
  }

  /**
   * `<worker>-<class>` (S1.1.1); a class that was renamed or transferred away may still hold that key.
   * @param {string} name
   */
  #freeKey(name) {
    const held = [...this.#classes.values(), ...this.#transferred.values()];
    const taken = new Set(held.map(({ uniqueKey }) => uniqueKey));
    const wanted = this.#keyOf(name);
    let key = wanted;
    for (let number = 2; taken.has(key); number++) key = `${wanted}-${number}`;
    return key;
  }
}

/**
 * What `wrangler dev` left of a Worker that never ran here.
 * @param {MigrationState | undefined} source
 * @param {string} uniqueKey
 * @param {(uniqueKey: string) => boolean} hasData
 * @returns {Namespace | undefined}
 */
function unrecorded(source, uniqueKey, hasData) {
  return source === undefined && hasData(uniqueKey) ? { uniqueKey, kind: 'sqlite' } : undefined;
}

module.exports = { NamespacePlan };
