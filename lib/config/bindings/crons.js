// checkCrons, readCrons: `triggers.crons` of a config (S9.1.3).
'use strict';

const { parse } = require('../../bindings/cron/occurrences');
const { isTable } = require('../config-document');

/**
 * That it is a list of strings; not what they say.
 * @param {InstanceType<typeof import('../environment').Section>} section
 * @returns {string[]}
 * @throws {import('../config-error').ConfigError}
 */
function checkCrons(section) {
  const { triggers = {} } = section.data;
  if (!isTable(triggers)) {
    const text = `The field "triggers" should be an object but got ${JSON.stringify(triggers)}.`;
    throw section.error(['triggers'], text);
  }
  const { crons = [] } = triggers;
  const isList = Array.isArray(crons) && crons.every((cron) => typeof cron === 'string');
  if (!isList) {
    const text = `The field "triggers.crons" should be an array of strings but got ${JSON.stringify(crons)}.`;
    throw section.error(['triggers', 'crons'], text);
  }
  return crons;
}

/**
 * @param {InstanceType<typeof import('../environment').Section>} section
 * @returns {string[]}
 * @throws {import('../config-error').ConfigError}
 */
function readCrons(section) {
  const crons = checkCrons(section);
  crons.forEach((cron, index) => {
    try {
      parse(cron);
    } catch (error) {
      const why = /** @type {Error} */ (error).message;
      throw section.error(['triggers', 'crons', index], `"triggers.crons[${index}]": ${why}.`);
    }
  });
  return crons;
}

module.exports = { checkCrons, readCrons };
