'use strict';

const { time } = require('../time');

/** Within the time that an alarm has (S5.5.1), as stores call handlers from their alarms. */
const kHandlerMsMax = 14 * 60 * 1000;

/**
 * Waits for a handler, but not for ever: its alarm would be tried again while it still runs.
 * @param {Promise<void>} run
 * @param {string} what
 * @returns {Promise<void>} rejects as `run` does, or when it takes too long
 */
async function withinTime(run, what) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_, reject) => {
    const error = new Error(`${what} ran for more than 14 minutes and is no longer waited for.`);
    timer = time.setLimit(() => reject(error), kHandlerMsMax);
  });
  try {
    await Promise.race([run, late]);
  } finally {
    time.clearTimeout(timer);
  }
}

module.exports = { withinTime };
