// reportUncaught: exceptions that nobody catches are printed and the server goes on (S2.7.5): one object's mistake must not
// end the others.
'use strict';

const { reportError } = require('../report-error');

/** @param {Pick<NodeJS.Process, 'on'>} source */
function reportUncaught(source) {
  source.on('uncaughtException', reportError);
  source.on('unhandledRejection', reportError);
}

module.exports = { reportUncaught };
