'use strict';
// adminSecretsStore: creates, changes and deletes secrets that the code under test can only read (spec S10.2).

const { ADMIN_API } = require('../../bindings/secrets/secret');

/** @param {any} binding of `secrets_store_secrets` @returns {object} the admin API of its store */
function adminSecretsStore(binding) {
  if (typeof binding !== 'object' || typeof binding?.[ADMIN_API] !== 'function')
    throw new TypeError(
      "Failed to execute 'adminSecretsStore': parameter 1 is not a secrets store binding.",
    );
  return binding[ADMIN_API]();
}

module.exports = { adminSecretsStore };
