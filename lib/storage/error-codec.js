'use strict';
// How errors are stored (spec S3.8.2): V8's own form drops their names and properties, so with the flag
// enhanced_error_serialization they are host objects, byte for byte as workerd writes them:
//
//   tag kNativeError, type; the name if the type is kNamed; the message; an object of the other own properties, stack first
//   tag kDomException, then name, message and stack, each as length and UTF-8

const { types } = require('node:util');
const { HostRecord, addHostReader, readText, writeText } = require('./host-objects');

const kDomException = 8;
const kNativeError = 10;

/** The type of an error with a name that has none of its own. */
const kNamed = 0;

/** Number of each type that is known by its name; what is missing is written with its name. @type {Map<string, number>} */
const kTypeNumbers = new Map([
  ['Error', 1],
  ['TypeError', 2],
  ['RangeError', 3],
  ['ReferenceError', 4],
  ['SyntaxError', 5],
  ['EvalError', 10],
  ['URIError', 11],
  ['AggregateError', 12],
  ['SuppressedError', 13],
]);
const kTypeNames = new Map([...kTypeNumbers].map(([name, number]) => [number, name]));

/** @param {any} value @returns {boolean} one that this module writes */
const isStoredError = (value) =>
  value instanceof DOMException || value instanceof Error || types.isNativeError(value);

/**
 * @param {any} error
 * @param {(value: any) => any} prepare for what its properties hold; called after `remember`
 * @param {(record: HostRecord) => void} remember the record, before the properties are looked at: they may hold the error
 */
function recordError(error, prepare, remember) {
  const record = new HostRecord();
  remember(record);
  if (error instanceof DOMException) {
    const texts = [error.name, error.message, String(error.stack)];
    record.write = (writer) => {
      writer.writeUint32(kDomException);
      for (const text of texts) writeText(writer, text);
    };
    return;
  }
  const type = kTypeNumbers.get(nameText(error.name)) ?? kNamed;
  const name = type === kNamed ? prepare(error.name) : undefined;
  const message = prepare(error.message);
  const properties = prepare(ownProperties(error));
  record.write = (writer) => {
    writer.writeUint32(kNativeError);
    writer.writeUint32(type);
    if (type === kNamed) writer.writeValue(name);
    writer.writeValue(message);
    writer.writeValue(properties);
  };
}

/**
 * What its type goes by: the empty string for a name that has no text, be it that its `toString` throws or that it is the error itself.
 * @param {unknown} name of an error
 * @returns {string}
 */
function nameText(name) {
  try {
    return String(name);
  } catch {
    return '';
  }
}

/** @param {any} error */
function ownProperties(error) {
  /** @type {Record<string, any>} */
  const properties = {};
  const isIndex = (/** @type {string} */ key) => /^(0|[1-9]\d*)$/.test(key);
  const names = Object.getOwnPropertyNames(error).filter((key) => key !== 'stack' && !isIndex(key));
  if (Object.hasOwn(error, 'stack')) names.unshift('stack');
  for (const key of names) {
    if (key === 'name' || key === 'message') continue;
    define(properties, key, key === 'stack' ? stackOf(error) : error[key]);
  }
  return properties;
}

/** Node writes it out when it is first read, beginning with what the error is called then, which may not be possible. @param {any} error */
function stackOf(error) {
  try {
    return error.stack;
  } catch {
    return '';
  }
}

/** An enumerable property, also `__proto__`. @param {object} object @param {string} key @param {any} value */
function define(object, key, value) {
  Object.defineProperty(object, key, {
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  });
}

/** @param {import('node:v8').Deserializer} reader */
function readError(reader) {
  const type = reader.readUint32();
  const name = type === kNamed ? reader.readValue() : kTypeNames.get(type);
  if (type !== kNamed && name === undefined)
    throw new Error(`A stored error of type ${type} is not supported by Holdfast.`);
  const message = reader.readValue();
  if (typeof message !== 'string')
    throw new DOMException(
      'Deserialization failed: error message is not a string',
      'DataCloneError',
    );
  const error = emptyError(type === kNamed ? 'Error' : name, message);
  if (type === kNamed) define(error, 'name', name);
  const properties = reader.readValue();
  Object.defineProperty(error, 'stack', { value: undefined, writable: true, configurable: true });
  for (const key of Object.keys(properties)) define(error, key, properties[key]);
  return error;
}

/** @param {string} name @param {string} message @returns {Error} */
function emptyError(name, message) {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    if (name === 'AggregateError') {
      const error = new AggregateError([], message);
      delete (/** @type {any} */ (error).errors); // one of its own is among the properties
      return error;
    }
    const Class = kTypeNumbers.has(name) ? /** @type {any} */ (globalThis)[name] : undefined;
    // Node 20 has no SuppressedError.
    return new (Class ?? Error)(message);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** @param {import('node:v8').Deserializer} reader */
function readDomException(reader) {
  const name = readText(reader);
  const error = new DOMException(readText(reader), name);
  define(error, 'stack', readText(reader));
  return error;
}

addHostReader(kNativeError, readError);
addHostReader(kDomException, readDomException);

module.exports = { define, isStoredError, nameText, recordError };
