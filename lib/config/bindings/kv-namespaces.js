// readKvNamespaces: `kv_namespaces` of a config (S8.7.1).
'use strict';

const { readBindingList } = require('./binding-list');

/** @typedef {{name: string, id: string}} KvNamespaceBinding `id` names the data; without one in the config it is the binding's name */

/** @param {InstanceType<typeof import('../environment').Section>} section @returns {KvNamespaceBinding[]} */
function readKvNamespaces(section) {
  return readBindingList(section, 'kv_namespaces', { id: 'string?' }).map(({ binding, id }) => ({
    name: binding,
    id: id ?? binding,
  }));
}

module.exports = { readKvNamespaces };
