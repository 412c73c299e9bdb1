'use strict';
// StoredStubs: stubs inside the stored values of one object (spec S3.8.9, flag allow_irrevocable_stub_storage): written as a record of
// what they point to, and made anew from it.
//
// A record is a version and then, in the form of every stored value, the fields of the stub's description: names and ids, props, parameters
// of [restore](). Stubs among those are records inside of it. docs/formats/stored-stubs.md says what is in it; it is read as bytes from
// outside: what is damaged or unknown makes this read fail, and nothing else.

const { addHostReader, readBytes } = require('../storage/host-objects');
const { deserialize, serialize } = require('../storage/value-codec');
const { kDescribe } = require('../rpc/invoke');
const { openStub } = require('./open-stub');
const { tags } = require('./tags');

const kVersion = 1;
/** Of one stub, with all that is in it. */
const kBytesMax = 1024 * 1024;
/** A stub in the props of a stub, or in the chain of its restores, is one level further down. */
const kDepthMax = 32;

const kNotAllowed =
  'Cannot store this stub because the target worker does not have the allow_irrevocable_stub_storage compatibility flag enabled.';

/** @param {string} text */
const refusal = (text) => new DOMException(text, 'DataCloneError');

/** @param {string} why */
const unreadable = (why) => new Error(`A stored stub cannot be read: ${why}.`);

class StoredStubs {
  #shard;
  #owner;
  #depth;

  /**
   * @param {import('../shard').Shard} shard
   * @param {import('../actors/instance').ActorInstance} owner whose storage it is
   * @param {number} [depth] of what is inside of a stub
   */
  constructor(shard, owner, depth = 0) {
    this.#shard = shard;
    this.#owner = owner;
    this.#depth = depth;
  }

  /** For what is inside of a stub. @returns {import('../storage/value-codec').Form} */
  get #inner() {
    return { stubs: new StoredStubs(this.#shard, this.#owner, this.#depth + 1) };
  }

  /**
   * @param {any} stub
   * @returns {{tag: number, bytes: Uint8Array}}
   * @throws {DOMException} DataCloneError: it may not be stored
   */
  write(stub) {
    const { tag, fields, isPersistent } = stub[kDescribe]();
    if (!isPersistent) throw refusal(kNotAllowed);
    if (this.#depth >= kDepthMax) {
      throw refusal(
        `A stub cannot be stored that holds others in more than ${kDepthMax} levels of props and restores.`,
      );
    }
    const body = serialize(fields, this.#inner);
    if (body.length >= kBytesMax) {
      throw refusal(
        `A stub cannot be stored whose props and parameters take more than ${kBytesMax} bytes.`,
      );
    }
    const bytes = new Uint8Array(1 + body.length);
    bytes[0] = kVersion;
    bytes.set(body, 1);
    return { tag, bytes };
  }

  /**
   * @param {number} tag
   * @param {Uint8Array} bytes of a record
   * @returns {any} a stub
   * @throws {Error} damaged, unknown, or of something that is not there any more
   */
  read(tag, bytes) {
    if (bytes.length > kBytesMax) throw unreadable('it is too long');
    if (this.#depth >= kDepthMax) throw unreadable('it holds too many levels of stubs');
    if (bytes[0] !== kVersion)
      throw unreadable('it was written by another version of Holdfast, or by workerd');
    const owner = this.#depth === 0 ? this.#owner : undefined;
    return openStub(this.#shard, owner, tag, this.#fields(bytes.subarray(1)));
  }

  /** @param {Uint8Array} body */
  #fields(body) {
    let fields;
    try {
      fields = deserialize(body, this.#inner);
    } catch (error) {
      // V8 says no more; what a stub inside of it says is worth more.
      if (!/^Unable to deserialize/.test(error instanceof Error ? error.message : '')) throw error;
    }
    if (!Array.isArray(fields)) throw unreadable('it is damaged');
    return fields;
  }
}

/** workerd has nothing behind the tag where it has written the rest elsewhere. @param {import('node:v8').Deserializer} reader */
function recordOf(reader) {
  try {
    return readBytes(reader);
  } catch {
    throw unreadable('it is damaged, or was written by workerd');
  }
}

/** Without the flag, or outside of storage. @param {string} name */
const notHere = (name) => refusal(`${name} cannot be deserialized in this context.`);

for (const [tag, name] of /** @type {const} */ ([
  [tags.rpcStub, 'RpcStub'],
  [tags.serviceStub, 'ServiceStub'],
  [tags.objectClass, 'DurableObjectClass'],
])) {
  addHostReader(tag, (/** @type {any} */ reader) => {
    if (reader.stubs === undefined) throw notHere(name);
    return reader.stubs.read(tag, recordOf(reader));
  });
}

module.exports = { StoredStubs };
