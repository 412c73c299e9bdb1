// askYesNo: a question on the terminal. Anything but a clear yes is no.
'use strict';

const { latePackage } = require('../late-package');

/** @type {() => typeof import('node:readline/promises')} */
const readlinePromises = latePackage('node:readline/promises');

/**
 * @param {string} question
 * @param {{input: NodeJS.ReadableStream, output: NodeJS.WritableStream}} streams
 * @returns {Promise<boolean>} false also when the input ends
 */
async function askYesNo(question, streams) {
  const lines = readlinePromises().createInterface(streams);
  const ended = new Promise((resolve) => lines.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([lines.question(`${question} [y/N] `), ended]);
    return /^y(es)?$/i.test(String(answer).trim());
  } finally {
    lines.close();
  }
}

module.exports = { askYesNo };
