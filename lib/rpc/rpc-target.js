'use strict';
// RpcTarget: extend it to pass an object by reference over RPC (spec S7.4.1).

const { kNotStorable } = require('../storage/value-codec');

class RpcTarget {}

Object.defineProperty(RpcTarget.prototype, kNotStorable, {
  value: 'Remote RPC references can only be serialized for RPC.',
});

module.exports = { RpcTarget };
