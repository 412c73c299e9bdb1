// responseForHost: a Response of Workers as code outside of them gets it (runtime.fetch(), a stub on runtime.env): an instance also of the
// process's own `Response`, and its headers of the process's `Headers`, with all that Workers' have. A form that it gives is the process's own.
//
// Node's classes are asked for only when somebody looks (`instanceof`), for they load undici (originals.js).
'use strict';

const { Body } = require('./body.js');
const { Headers } = require('./headers.js');
const { originals } = require('../originals.js');
const { Response, isOwnResponse } = require('./response.js');

/**
 * @param {Function[]} types whose members it has
 * @param {() => object} original prototype of the process's class
 */
function hostPrototype(types, original) {
  const base = new Proxy({}, { getPrototypeOf: original });
  const slots = types.map((type) => Object.getOwnPropertyDescriptors(type.prototype));
  return Object.create(base, Object.assign({}, ...slots));
}

const headersPrototype = hostPrototype([Headers], () => originals.Headers.prototype);
const responsePrototype = hostPrototype([Body, Response], () => originals.Response.prototype);
const headersOf = /** @type {() => object} */ (
  Object.getOwnPropertyDescriptor(Response.prototype, 'headers')?.get
);
Object.defineProperty(responsePrototype, 'headers', {
  configurable: true,
  enumerable: true,
  /** @this {InstanceType<typeof Response>} */
  get() {
    const headers = headersOf.call(this);
    if (Object.getPrototypeOf(headers) === Headers.prototype)
      Object.setPrototypeOf(headers, headersPrototype);
    return headers;
  },
});
Object.defineProperty(responsePrototype, 'formData', {
  configurable: true,
  enumerable: true,
  writable: true,
  /** @this {InstanceType<typeof Response>} */
  async value() {
    const form = new originals.FormData();
    for (const [name, value] of await Body.prototype.formData.call(this))
      form.append(name, /** @type {any} */ (value));
    return form;
  },
});

/** @template T @param {T} response ours, with no other owner @returns {T} the same object */
function responseForHost(response) {
  if (isOwnResponse(response) && Object.getPrototypeOf(response) === Response.prototype)
    Object.setPrototypeOf(response, responsePrototype);
  return response;
}

module.exports = { responseForHost };
