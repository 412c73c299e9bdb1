// Virtual hosts: addresses that connect() of `cloudflare:sockets` takes to a stub instead of the network: ctx.mapVirtualHost() (S9.1.2).
//
// An address is good for as long as its stub is: whoever maps one keeps the stub.
// Thread: the shard's.
'use strict';

const { randomBytes } = require('node:crypto');

/** @typedef {{connect(address: string): any}} Connectable a stub */

/** @type {Map<string, WeakRef<Connectable>>} by `host:port` */
const stubs = new Map();
/** @type {WeakMap<Connectable, string>} */
const addresses = new WeakMap();
/** @type {FinalizationRegistry<string>} */
const gone = new FinalizationRegistry((address) => stubs.delete(address));

/**
 * @param {Connectable} stub
 * @param {number} port
 * @returns {string} its address, the first it was given
 */
function mapVirtualHost(stub, port) {
  let address = addresses.get(stub);
  if (address === undefined) {
    address = `${randomBytes(16).toString('hex')}.workers.alt:${port}`;
    addresses.set(stub, address);
    stubs.set(address, new WeakRef(stub));
    gone.register(stub, address);
  }
  return address;
}

/** @param {import('./socket-address.js').TcpAddress} address @returns {Connectable | undefined} */
const stubAt = ({ hostname, port }) => stubs.get(`${hostname}:${port}`)?.deref();

module.exports = { mapVirtualHost, stubAt };
