'use strict';
// DurableObjectFacets: ctx.facets (spec S1.15): children of an object, or of a facet, by name.
//
// A facet is an actor of its own, with its own gates and database; its number in the object's tree of facets names both
// (native/storage/facet_index.h). Facets keeps the running ones of one parent; they go with it.

const { Facet } = require('./facet');
const { makeFacetStub } = require('./facet-stub');
const { GivenReason } = require('../rpc/reset-error');
const { kNotStorable } = require('../storage/refusals');

const kNameBytesMax = 256;
const kDepthMax = 4;
const kDeleted = 'Facet was deleted.';
const kClonedOver = 'Facet was cloned-over.';

/** The facets of one instance that were started and have not broken. */
class Facets {
  #parent;
  /** @type {Map<string, Facet>} by name */
  #facets = new Map();

  /** @param {import('./instance').ActorInstance} parent */
  constructor(parent) {
    this.#parent = parent;
  }

  /** Starts it when it does not run. @param {string} name @param {() => any} getStartupOptions */
  start(name, getStartupOptions) {
    let facet = this.#facets.get(name);
    if (facet === undefined) {
      facet = new Facet(this.#parent, name, getStartupOptions);
      this.#facets.set(name, facet);
    }
    return facet;
  }

  /** It broke: the next call of a new stub starts it anew. @param {Facet} facet */
  forget(facet) {
    if (this.#facets.get(facet.name) === facet) this.#facets.delete(facet.name);
  }

  /** @param {string} name @param {unknown} reason */
  abort(name, reason) {
    const facet = this.#facets.get(name);
    if (facet === undefined) return;
    this.#facets.delete(name);
    facet.break(reason);
  }

  /** @param {unknown} reason */
  abortAll(reason) {
    for (const name of [...this.#facets.keys()]) this.abort(name, reason);
  }

  /** S1.15.3 @param {string} name */
  delete(name) {
    this.abort(name, new GivenReason(new Error(kDeleted)));
    const { shard, handle } = this.#parent;
    shard.native.deleteFacet(handle, name);
    shard.wrote(this.#parent);
  }

  /** S1.15.3: what `from` has committed, with all below it. @param {string} from @param {string} to */
  clone(from, to) {
    this.abort(to, new GivenReason(new Error(kClonedOver)));
    if (from === to) return;
    const { shard, handle } = this.#parent;
    shard.native.cloneFacet(handle, from, to);
    shard.wrote(this.#parent);
  }

  /** S1.15.5 */
  deleteAll() {
    this.abortAll(new GivenReason(new Error(kDeleted)));
    const { shard, handle } = this.#parent;
    shard.native.deleteFacets(handle);
  }
}

class DurableObjectFacets {
  #instance;

  /** @param {import('./instance').ActorInstance} instance */
  constructor(instance) {
    this.#instance = instance;
  }

  get [Symbol.toStringTag]() {
    return 'DurableObjectFacets';
  }

  /**
   * S1.15.1: starts nothing before the first call.
   * @param {string} _name
   * @param {() => any} _getStartupOptions
   */
  get(_name, _getStartupOptions) {
    const [given, getStartupOptions] = arguments;
    checkName('get', arguments);
    if (typeof getStartupOptions !== 'function') throw wrongType('get', 2, 'function');
    const name = toName(given);
    if (this.#instance.depth + 1 >= kDepthMax) {
      throw new Error(
        `Facet nesting depth limit exceeded. The maximum depth including the root Durable Object is ${kDepthMax}.`,
      );
    }
    return makeFacetStub(this.#instance, name, getStartupOptions);
  }

  /** S1.15.3 @param {string} _name @param {unknown} _reason */
  abort(_name, _reason) {
    const [given, reason] = arguments;
    checkName('abort', arguments);
    if (arguments.length < 2) throw wrongType('abort', 2, 'Value');
    const name = toName(given);
    this.#instance.checkLive();
    this.#instance.facets.abort(name, new GivenReason(reason));
  }

  /** S1.15.3 @param {string} _name */
  delete(_name) {
    const [given] = arguments;
    checkName('delete', arguments);
    const name = toName(given);
    this.#instance.checkLive();
    this.#instance.facets.delete(name);
  }

  /** S1.15.3 @param {string} _src @param {string} _dst */
  clone(_src, _dst) {
    const [src, dst] = arguments;
    checkName('clone', arguments);
    if (arguments.length < 2) throw wrongType('clone', 2, 'string');
    const [from, to] = [`${src}`, `${dst}`].map(toName);
    this.#instance.checkLive();
    this.#instance.facets.clone(from, to);
  }
}

// As in workerd, whose methods take their arguments one by one.
for (const name of /** @type {const} */ (['get', 'abort', 'delete', 'clone'])) {
  Object.defineProperty(DurableObjectFacets.prototype[name], 'length', { value: 0 });
}
Object.defineProperty(DurableObjectFacets.prototype, kNotStorable, { value: true });

/** @param {string} method @param {IArguments} args */
function checkName(method, args) {
  if (args.length === 0) throw wrongType(method, 1, 'string');
}

/** S1.15.4 @param {unknown} given @returns {string} */
function toName(given) {
  const name = `${given}`;
  if (Buffer.byteLength(name) > kNameBytesMax)
    throw new TypeError(`Facet name is too long (max ${kNameBytesMax} characters).`);
  return name;
}

/** @param {string} method @param {number} position @param {string} type */
const wrongType = (method, position, type) =>
  new TypeError(
    `Failed to execute '${method}' on 'DurableObjectFacets': parameter ${position} is not of type '${type}'.`,
  );

module.exports = { DurableObjectFacets, Facets };
