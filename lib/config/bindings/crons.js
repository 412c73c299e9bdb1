// readCrons: `triggers.crons` of a config (S9.1.3).
'use strict';

const { parse } = require('../../bindings/cron/occurrences');
const { isTable } = require('../config-document');

/** @param {InstanceType<typeof import('../environment').Section>} section @returns {string[]} */
function readCrons(section) {
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

module.exports = { readCrons };
