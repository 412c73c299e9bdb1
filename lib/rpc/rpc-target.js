'use strict';
// RpcTarget: extend it to pass an object by reference over RPC (spec S7.4.1).

const { kNotStorable } = require('../storage/refusals');

function RpcTarget() {
  if (new.target === undefined) {
    throw new TypeError(
      "Failed to construct 'JsRpcTarget': Please use the 'new' operator, this object constructor cannot be called as a function.",
    );
  }
}

Object.defineProperty(RpcTarget, 'prototype', { writable: false });
Object.defineProperty(RpcTarget.prototype, Symbol.toStringTag, {
  value: 'JsRpcTarget',
  writable: true,
  configurable: true,
});
Object.defineProperty(RpcTarget.prototype, kNotStorable, {
  value: 'Remote RPC references can only be serialized for RPC.',
});

module.exports = {
  RpcTarget: /** @type {new () => object} */ (/** @type {unknown} */ (RpcTarget)),
};
