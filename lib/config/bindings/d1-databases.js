// readD1Databases: `d1_databases` of a config (S8.7.1).
'use strict';

const { readBindingList } = require('./binding-list');

const kFields = { database_id: 'string?', database_name: 'string?' };

/** @typedef {{name: string, id: string}} D1Binding `id` names the data: the database's id, or its name, or the binding's */

/** @param {InstanceType<typeof import('../environment').Section>} section @returns {D1Binding[]} */
function readD1Databases(section) {
  return readBindingList(section, 'd1_databases', kFields).map(
    ({ binding, database_id: id, database_name: name }) => ({
      name: binding,
      id: id ?? name ?? binding,
    }),
  );
}

module.exports = { readD1Databases };
