'use strict';
// keepProcess: what a test file changes of the process is put back when it ends. Test files of one worker run in one realm, one after the
// other; of what they changed, this does not cover what they do to built-in classes, such as a new method of Array.prototype.

/** Of this realm; Jest's own, and what it defines for `expect`, stays. */
const kMatchers = Symbol.for('$$jest-matchers-object');
const kInternal = Symbol.for('$$jest-internal-matcher');
/** Events whose listeners end the process or are called at its end. */
const EVENTS = [
  'uncaughtException',
  'unhandledRejection',
  'rejectionHandled',
  'warning',
  'exit',
  'beforeExit',
  'SIGINT',
  'SIGTERM',
];

/** @returns {() => void} puts it back */
function keepProcess() {
  const steps = [
    keepOwn(globalThis),
    keepOwn(Error),
    keepEnv(),
    keepExit(),
    keepListeners(),
    keepDirectory(),
  ];
  return () => {
    for (const step of steps) step();
    forgetMatchers();
  };
}

/** Its own properties. @param {any} target */
function keepOwn(target) {
  const before = Object.getOwnPropertyDescriptors(target);
  return () => {
    for (const key of Reflect.ownKeys(target)) {
      if (key === kMatchers || isUndici(key)) continue;
      const slot = /** @type {any} */ (before)[key];
      if (slot === undefined) Reflect.deleteProperty(target, key);
      // Node's own accessors become values when they are first asked for.
      else if ('value' in slot && slot.value !== target[key])
        Reflect.defineProperty(target, key, slot);
    }
  };
}

/** @param {string | symbol} key what Node's fetch keeps there */
const isUndici = (key) => typeof key === 'symbol' && key.description?.startsWith('undici.');

function keepEnv() {
  const before = { ...process.env };
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  };
}

/** Jest puts one of its own there for each test file. */
function keepExit() {
  const { exit } = process;
  return () => {
    process.exit = exit;
  };
}

function keepListeners() {
  const before = EVENTS.map((name) => process.rawListeners(name));
  return () => {
    EVENTS.forEach((name, index) => {
      for (const listener of process.rawListeners(name))
        if (!before[index].includes(listener))
          process.removeListener(name, /** @type {any} */ (listener));
    });
  };
}

function keepDirectory() {
  const before = process.cwd();
  return () => {
    if (process.cwd() !== before) process.chdir(before);
  };
}

/** Those that the test file gave to expect.extend(). */
function forgetMatchers() {
  const { matchers, customEqualityTesters } = /** @type {any} */ (globalThis)[kMatchers] ?? {};
  if (matchers === undefined) return;
  for (const name of Object.keys(matchers)) if (!matchers[name][kInternal]) delete matchers[name];
  customEqualityTesters?.splice(0);
}

module.exports = { keepProcess };
