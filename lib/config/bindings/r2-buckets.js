// readR2Buckets: `r2_buckets` of a config (S8.7.1).
'use strict';

const { readBindingList } = require('./binding-list');

/** @typedef {{name: string, id: string}} R2Binding `id` names the data: the bucket's name, or the binding's */

/** @param {InstanceType<typeof import('../environment').Section>} section @returns {R2Binding[]} */
function readR2Buckets(section) {
  return readBindingList(section, 'r2_buckets', { bucket_name: 'string?' }).map(
    ({ binding, bucket_name: bucket }) => ({ name: binding, id: bucket ?? binding }),
  );
}

module.exports = { readR2Buckets };
