'use strict';
// DurableObjectNamespace: what a binding puts on env (spec S1.1).

const { mintId, isId, isOf, nameOf, jurisdictionOf } = require('./id');
const { makeStub } = require('./stub');
const { checkLoaded } = require('../workers/global-scope-error');
const { kNotStorable } = require('../storage/refusals');

const kJurisdictions = new Set(['eu', 'fedramp', 'fedramp-high', 'us']);

class DurableObjectNamespace {
  #entry;
  #owner;
  #jurisdiction;
  #isPersistent;

  /**
   * @param {import('./namespace-entry').NamespaceEntry} entry
   * @param {import('./instance').ActorInstance | undefined} owner whose env this is: answers to its calls come through its gate
   * @param {string | undefined} [jurisdiction]
   * @param {boolean} [isPersistent] its stubs may be stored (S3.8.9)
   */
  constructor(entry, owner, jurisdiction, isPersistent = false) {
    this.#entry = entry;
    this.#owner = owner;
    this.#jurisdiction = jurisdiction;
    this.#isPersistent = isPersistent;
  }

  get [Symbol.toStringTag]() {
    return 'DurableObjectNamespace';
  }

  /** S1.3.2 @param {{jurisdiction?: string}} [options] */
  newUniqueId(options) {
    const jurisdiction = toJurisdiction(options?.jurisdiction) ?? this.#jurisdiction;
    return mintId(this.#entry, this.#entry.newUniqueId(jurisdiction), undefined, jurisdiction);
  }

  /** S1.3 @param {string} name */
  idFromName(name) {
    if (name === undefined || typeof name === 'symbol') {
      throw new TypeError(
        "Failed to execute 'idFromName' on 'DurableObjectNamespace': parameter 1 is not of type 'string'.",
      );
    }
    const text = String(name);
    const named = this.#entry.named(text, this.#jurisdiction);
    return mintId(this.#entry, named.hex, text, this.#jurisdiction, named);
  }

  /** S1.3.4 @param {string} hex @throws {TypeError} */
  idFromString(hex) {
    if (hex === undefined || typeof hex === 'symbol') {
      throw new TypeError(
        "Failed to execute 'idFromString' on 'DurableObjectNamespace': parameter 1 is not of type 'string'.",
      );
    }
    const { id, jurisdiction } = this.#entry.parseId(String(hex));
    this.#checkJurisdiction(jurisdiction, 'idFromString');
    return mintId(this.#entry, id, undefined, jurisdiction);
  }

  /**
   * S1.1.4: contacts nothing.
   * @param {import('./id').DurableObjectId} id
   * @param {{locationHint?: string, routingMode?: string}} [options]
   */
  get(id, options) {
    if (!isId(id)) {
      throw new TypeError(
        "Failed to execute 'get' on 'DurableObjectNamespace': parameter 1 is not of type 'DurableObjectId'.",
      );
    }
    checkOptions(options);
    checkLoaded(this.#entry.worker);
    // S1.3.5: a foreign id is refused unless its MAC says it is ours.
    const jurisdiction = isOf(id, this.#entry)
      ? jurisdictionOf(id)
      : this.#entry.parseId(id.toString()).jurisdiction;
    this.#checkJurisdiction(jurisdiction, 'get');
    return makeStub(this.#entry, id, nameOf(id), this.#owner, this.#isPersistent);
  }

  /** S1.1.3 @param {string} name @param {object} [options] */
  getByName(name, options) {
    if (name === undefined || typeof name === 'symbol') {
      throw new TypeError(
        "Failed to execute 'getByName' on 'DurableObjectNamespace': parameter 1 is not of type 'string'.",
      );
    }
    checkOptions(options);
    checkLoaded(this.#entry.worker);
    const id = this.idFromName(name);
    return makeStub(this.#entry, id, nameOf(id), this.#owner, this.#isPersistent);
  }

  /** S1.4.1: a sub-namespace. @param {string | null} [jurisdiction] */
  jurisdiction(jurisdiction) {
    const isPersistent = this.#isPersistent;
    const place = toJurisdiction(jurisdiction);
    return new DurableObjectNamespace(this.#entry, this.#owner, place, isPersistent);
  }

  /** S1.4.2 @param {string | undefined} jurisdiction @param {string} method */
  #checkJurisdiction(jurisdiction, method) {
    if (this.#jurisdiction === undefined || jurisdiction === this.#jurisdiction) return;
    throw new TypeError(
      `${method} called on jurisdictional subnamespace with an ID from a different jurisdiction`,
    );
  }
}

Object.defineProperty(DurableObjectNamespace.prototype, kNotStorable, { value: true });

/** @param {unknown} value @returns {string | undefined} */
function toJurisdiction(value) {
  if (value === undefined || value === null) return undefined;
  const text = String(value);
  if (!kJurisdictions.has(text)) {
    throw new TypeError(
      `Unknown jurisdiction "${text}". Known: ${[...kJurisdictions].join(', ')}.`,
    );
  }
  return text;
}

/** S1.1.5, S1.1.6: hints are accepted and mean nothing on one machine. @param {any} options */
function checkOptions(options) {
  const mode = options?.routingMode;
  if (mode !== undefined && mode !== 'primary-only')
    throw new RangeError(`unknown routingMode: ${mode}`);
}

module.exports = { DurableObjectNamespace };
