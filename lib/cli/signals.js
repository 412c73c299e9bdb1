// handleSignals: SIGTERM and SIGINT drain and exit 0; a second signal exits at once with 128 + its number.
'use strict';

const { constants } = require('node:os');

/**
 * @param {object} options
 * @param {Pick<NodeJS.Process, 'on'>} options.source
 * @param {() => Promise<void>} options.drain
 * @param {(code: number) => void} options.exit
 * @param {(error: unknown) => void} options.report
 */
function handleSignals({ source, drain, exit, report }) {
  let draining = false;
  const onSignal = async (/** @type {'SIGTERM' | 'SIGINT'} */ signal) => {
    if (draining) return exit(128 + constants.signals[signal]);
    draining = true;
    try {
      await drain();
    } catch (error) {
      report(error);
      return exit(1);
    }
    return exit(0);
  };
  source.on('SIGTERM', () => onSignal('SIGTERM'));
  source.on('SIGINT', () => onSignal('SIGINT'));
}

module.exports = { handleSignals };
