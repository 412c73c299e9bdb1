'use strict';
// followClock: while the clock of a kit is fake, `Date` of the process tells its time. Tests of a runner without an environment of ours have
// no other `Date` than their objects, which are bundled and run in the same process.

const { fakeDate } = require('./fake-date');

/** @param {import('./clock').Clock} clock whose fake() and real() do it from now on */
function followClock(clock) {
  const fake = clock.fake.bind(clock);
  const real = clock.real.bind(clock);
  /** @type {DateConstructor | undefined} */
  let before;
  clock.fake = (options) => {
    fake(options);
    if (before !== undefined) return;
    before = Date;
    globalThis.Date = fakeDate(() => clock.now());
  };
  clock.real = () => {
    real();
    if (before !== undefined) globalThis.Date = before;
    before = undefined;
  };
}

module.exports = { followClock };
