'use strict';
// What an RPC argument or result becomes on the other side (spec S7.5): a copy; functions and RpcTargets become stubs; runtime
// objects move or are shared. One pass, no bytes: caller and callee are in one environment. Between environments the same rules will
// produce a message instead.

const { asArgumentError } = require('./errors');
const { copy } = require('./copy-value');
const { checkSize, kBytesMax } = require('./size-limit');
const { copying } = require('./reasons');
const { disposeWhenForgotten } = require('./forgotten');
const { ownedBy } = require('./ownership');
const { isPlainObject } = require('./plain');
const { handleOf } = require('./rpc-stub');

/** @typedef {import('./copy-value').Transfer} Transfer */

const kSharedPrimitives = new Set(['string', 'number', 'boolean', 'undefined', 'bigint']);

/**
 * @param {unknown} value part of an exception
 * @returns {any} a copy
 * @throws {DOMException} it cannot be copied
 */
function transferDetail(value) {
  /** @type {Transfer} */
  const state = {
    host: undefined,
    stubs: [],
    passed: [],
    seen: new Map(),
    isDetail: true,
    moved: [],
    bytes: 0,
  };
  const result = copy(value, state);
  if (state.unreadable !== undefined) throw state.unreadable;
  return result;
}

/**
 * @param {object} value props of an entrypoint (S7.7.2), or parameters of a [restore]() (S3.8.9)
 * @returns {any} a copy
 * @throws {DOMException} it cannot be copied
 */
const transferProps = (value) => copyProps(value, [], []);

/**
 * The props of one event or object, which may change them: each has its own.
 * @param {object} value what transferProps() gave
 * @param {import('./target').Context} owner of the stubs inside
 * @returns {any}
 */
function propsFor(value, owner) {
  if (Object.keys(value).length === 0 && isPlainObject(value)) return {}; // most have none
  /** @type {any[]} */
  const stubs = [];
  /** @type {any[]} */
  const passed = [];
  const props = copyProps(value, stubs, passed);
  for (const stub of passed) ownedBy(owner, stub);
  for (const stub of stubs) {
    handleOf(stub).moveTo(owner);
    disposeWhenForgotten(stub, handleOf(stub));
  }
  return props;
}

/** @param {object} value @param {any[]} stubs those made on the way @param {any[]} passed likewise */
function copyProps(value, stubs, passed) {
  return copy(value, {
    host: undefined,
    stubs,
    passed,
    seen: new Map(),
    isDetail: true,
    isProps: true,
    moved: [],
    bytes: 0,
  });
}

/**
 * @param {unknown} value
 * @param {import('./target').Context | undefined} host
 * @param {{isResult?: boolean, dups?: boolean, moves?: boolean}} [options] see Transfer
 * @returns {{value: any, stubs: any[], passed: any[], hasMoved: boolean}} hasMoved: stubs of the sender changed hands
 */
function transfer(value, host, { isResult = false, dups = false, moves = false } = {}) {
  return transferWith(copy, value, host, { isResult, dups, moves });
}

/**
 * As transfer(), for the arguments of a call: a list without holes or properties of its own.
 * @param {unknown[]} args
 * @param {import('./target').Context | undefined} host
 * @param {{dups: boolean, moves: boolean}} options
 * @returns {{value: any[], stubs: any[], passed: any[], hasMoved: boolean}}
 */
function transferArguments(args, host, { dups, moves }) {
  try {
    return transferWith(copyList, args, host, { isResult: false, dups, moves });
  } catch (error) {
    throw asArgumentError(error);
  }
}

/** @param {any[]} args @param {Transfer} state */
function copyList(args, state) {
  const result = [];
  for (const value of args) result.push(copy(value, state));
  return result;
}

/**
 * @param {(value: any, state: Transfer) => any} copyValue
 * @param {any} value
 * @param {import('./target').Context | undefined} host
 * @param {{isResult: boolean, dups: boolean, moves: boolean}} options see Transfer
 * @returns {{value: any, stubs: any[], passed: any[], hasMoved: boolean}} hasMoved: stubs of the sender changed hands
 */
function transferWith(copyValue, value, host, options) {
  if (value === null || kSharedPrimitives.has(typeof value)) {
    if (typeof value === 'string' && value.length * 2 > kBytesMax) checkSize(value, value.length);
    return { value, stubs: kNoStubs, passed: kNoStubs, hasMoved: false };
  }
  /** @type {Transfer} */
  const state = {
    host,
    stubs: [],
    passed: [],
    seen: new Map(),
    isDetail: false,
    ...options,
    moved: [],
    bytes: 0,
  };
  let result;
  try {
    result = copyValue(value, state);
    if (state.unreadable !== undefined) throw state.unreadable;
    if (state.bytes > kBytesMax) checkSize(value, state.bytes);
  } catch (error) {
    for (const stub of state.stubs) stub[Symbol.dispose]();
    throw error;
  }
  for (const stub of state.moved) stub[Symbol.dispose]();
  const { stubs, passed, moved } = state;
  return { value: result, stubs, passed, hasMoved: moved.length > 0 };
}

/** @type {any[]} */
const kNoStubs = [];

copying.copyOf = (value) => transfer(value, undefined).value;

module.exports = { propsFor, transfer, transferArguments, transferProps, transferDetail };
