// readSecrets: `secrets_store_secrets` of a config (S8.7.1).
'use strict';

const { readBindingList } = require('./binding-list');

/** @typedef {{name: string, store: string, secret: string}} SecretBinding `store`: its id; `secret`: its name there */

/** @param {InstanceType<typeof import('../environment').Section>} section @returns {SecretBinding[]} */
function readSecrets(section) {
  const fields = { store_id: 'string', secret_name: 'string' };
  return readBindingList(section, 'secrets_store_secrets', fields).map(
    ({ binding, store_id: store, secret_name: secret }) => ({ name: binding, store, secret }),
  );
}

module.exports = { readSecrets };
