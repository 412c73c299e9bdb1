'use strict';
// Host objects: what V8's serializer cannot write by itself and asks about, in a stored value (spec S3.8.1). Each has a tag; what
// follows it is the form's. The tags and forms are workerd's, so that stored bytes are the same.
//
// V8 asks only where an object has a native part. Errors, Headers and the like have none here, so a HostRecord, which does, takes
// the place of each in what is serialized.

const v8 = require('node:v8');

/** Stands for an object while it is written; a v8.Serializer for its native part alone. */
class HostRecord extends v8.Serializer {
  /** @type {(writer: v8.Serializer) => void} */
  write = () => {};
}

/**
 * How objects of one class are stored.
 * @typedef {object} HostForm
 * @property {number} tag
 * @property {(object: any) => {head?: (writer: v8.Serializer) => void, values: any[]}} take its parts: raw bytes, then values
 *   that are written like any other; they are looked at like any other too, and may be refused
 * @property {(reader: v8.Deserializer) => any} read after the tag
 */

/** @type {Map<object, HostForm>} by prototype */
const formsByPrototype = new Map();
/** @type {Map<number, (reader: v8.Deserializer) => any>} */
const readers = new Map();

/** @param {number} tag @param {(reader: v8.Deserializer) => any} read */
function addHostReader(tag, read) {
  readers.set(tag, read);
}

/** Subclasses are stored as what they extend. @param {object} prototype @param {HostForm} form */
function addHostForm(prototype, form) {
  formsByPrototype.set(prototype, form);
  addHostReader(form.tag, form.read);
}

/** @param {object} object @returns {HostForm | undefined} */
function hostFormOf(object) {
  for (
    let prototype = Object.getPrototypeOf(object);
    prototype !== null;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const form = formsByPrototype.get(prototype);
    if (form !== undefined) return form;
  }
  return undefined;
}

/**
 * @param {HostForm} form
 * @param {any} object
 * @param {(value: any) => any} prepare for its values; called after `remember`
 * @param {(record: HostRecord) => void} remember the record, before the values are looked at: they may hold the object
 */
function recordHostObject(form, object, prepare, remember) {
  const record = new HostRecord();
  remember(record);
  const { head, values } = form.take(object);
  const prepared = values.map(prepare);
  record.write = (writer) => {
    writer.writeUint32(form.tag);
    head?.(writer);
    for (const value of prepared) writer.writeValue(value);
  };
}

/** A host object that is nothing but bytes, with their length before them. @param {number} tag @param {Uint8Array} bytes */
function recordBytes(tag, bytes) {
  const record = new HostRecord();
  record.write = (writer) => {
    writer.writeUint32(tag);
    writeBytes(writer, bytes);
  };
  return record;
}

/**
 * @param {v8.Deserializer} reader before the tag of a host object
 * @returns {any}
 * @throws {Error} a kind that is not supported
 */
function readHostObject(reader) {
  const tag = reader.readUint32();
  const read = readers.get(tag);
  if (read === undefined)
    throw new Error(`A stored object of kind ${tag} is not supported by Holdfast.`);
  return read(reader);
}

/** As their length and themselves. @param {v8.Serializer} writer @param {Uint8Array} bytes */
function writeBytes(writer, bytes) {
  writer.writeUint32(bytes.length);
  writer.writeRawBytes(bytes);
}

/** @param {v8.Deserializer} reader @returns {Buffer} of the memory that is read */
const readBytes = (reader) => reader.readRawBytes(reader.readUint32());

/** As its length and UTF-8. @param {v8.Serializer} writer @param {string} text */
const writeText = (writer, text) => writeBytes(writer, Buffer.from(text));

/** @param {v8.Deserializer} reader */
const readText = (reader) => readBytes(reader).toString('utf8');

module.exports = {
  HostRecord,
  addHostForm,
  addHostReader,
  hostFormOf,
  recordBytes,
  recordHostObject,
  readHostObject,
  readBytes,
  writeText,
  readText,
};
