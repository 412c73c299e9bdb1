'use strict';
// The numbers shared with the native side, read from it and never typed twice.

const native = require('./native');

const {
  limitDefaults,
  wordsPerEvent,
  cellKind,
  cellTextUnits,
  turnKind,
  turnFlag,
  eventKind,
  postResult,
  alarmOutcome,
  alarmVerdict,
} = native.constants;

module.exports = {
  limitDefaults,
  wordsPerEvent,
  cellKind,
  cellTextUnits,
  turnKind,
  turnFlag,
  eventKind,
  postResult,
  alarmOutcome,
  alarmVerdict,
};
