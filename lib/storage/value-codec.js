'use strict';
// How a JavaScript value becomes the bytes of a row: V8's structured clone, wire format 15 with its header (spec S3.8.1), the
// same bytes that workerd stores.

const v8 = require('node:v8');
const { HostRecord, readHostObject } = require('./host-objects');
const { prepare } = require('./prepare-value');
const { refusalByName, kNotStorable } = require('./refusals');

/** @type {ArrayBuffer[]} */
const kNone = [];
/** @type {Form} */
const kUsual = {};

class ValueSerializer extends v8.Serializer {
  /** @param {string} message */
  _getDataCloneError(message) {
    return new DOMException(message, 'DataCloneError');
  }

  /** @param {object} object */
  _writeHostObject(object) {
    if (!(object instanceof HostRecord)) throw refusalByName(object);
    object.write(this);
  }
}

class ValueDeserializer extends v8.Deserializer {
  /** @param {Uint8Array} bytes @param {StubCodec | undefined} stubs */
  constructor(bytes, stubs) {
    super(bytes);
    this.stubs = stubs;
  }

  _readHostObject() {
    return readHostObject(this);
  }
}

/**
 * Stubs in values, where they may be (lib/stored-stubs).
 * @typedef {object} StubCodec
 * @property {(stub: any) => {tag: number, bytes: Uint8Array}} write
 * @property {(tag: number, bytes: Uint8Array) => any} read
 */

/**
 * @typedef {object} Form
 * @property {boolean} [enhancedErrors] flag enhanced_error_serialization (S3.8.2); by default on, as on every recent date
 * @property {ArrayBuffer[]} [transfer] not written: deserialize() is given others in their place
 * @property {StubCodec} [stubs] undefined: they are refused (S3.8.9)
 */

/**
 * @param {unknown} value
 * @param {Form} [form]
 * @returns {Uint8Array} fresh bytes
 * @throws {DOMException} DataCloneError, with V8's texts (S3.8.3)
 */
function serialize(value, form = kUsual) {
  const serializer = new ValueSerializer();
  for (const [i, buffer] of (form.transfer ?? kNone).entries())
    serializer.transferArrayBuffer(i, buffer);
  serializer.writeHeader();
  serializer.writeValue(prepare(value, form));
  return serializer.releaseBuffer();
}

/**
 * @param {Uint8Array} bytes
 * @param {Form} [form] `transfer`: what takes the place of what was not written
 * @returns {any}
 */
function deserialize(bytes, { transfer = kNone, stubs } = kUsual) {
  const deserializer = new ValueDeserializer(bytes, stubs);
  for (const [i, buffer] of transfer.entries()) deserializer.transferArrayBuffer(i, buffer);
  deserializer.readHeader();
  return deserializer.readValue();
}

module.exports = { serialize, deserialize, kNotStorable };
