// readSendEmail: `send_email` of a config (S8.7.1).
'use strict';

const { readEntries } = require('./binding-list');

/**
 * @typedef {object} SendEmailBinding
 * @property {string} name the property of `env`
 * @property {string} [destination] whom alone it sends to
 * @property {string[]} [allowedDestinations]
 * @property {string[]} [allowedSenders]
 */

const kFields = {
  name: 'string',
  destination_address: 'string?',
  allowed_destination_addresses: 'object?',
  allowed_sender_addresses: 'object?',
};

/** @param {InstanceType<typeof import('../environment').Section>} section @returns {SendEmailBinding[]} */
function readSendEmail(section) {
  const path = ['send_email'];
  const entries = readEntries(section, path, section.data.send_email, kFields);
  return entries.map((entry, index) => {
    const refuse = (/** @type {string} */ text) =>
      section.error([...path, index], `"send_email[${index}]": ${text}`);
    for (const field of ['allowed_destination_addresses', 'allowed_sender_addresses'])
      if (entry[field] !== undefined && !isTexts(entry[field]))
        throw refuse(`the field "${field}", when present, should be a list of strings.`);
    if ('destination_address' in entry && 'allowed_destination_addresses' in entry)
      throw refuse(
        'there should be either "destination_address" or "allowed_destination_addresses", but not both.',
      );
    return {
      name: entry.name,
      destination: entry.destination_address,
      allowedDestinations: entry.allowed_destination_addresses,
      allowedSenders: entry.allowed_sender_addresses,
    };
  });
}

/** @param {unknown} value */
const isTexts = (value) => Array.isArray(value) && value.every((one) => typeof one === 'string');

module.exports = { readSendEmail };
