'use strict';
// Matchers of expect() for objects, under Jest and Vitest: they take a stub or an id and look at the object's own storage and sockets.

/**
 * What expect.extend() calls a matcher with.
 * @typedef {object} Context
 * @property {boolean} [isNot]
 * @property {(a: unknown, b: unknown, testers?: any[]) => boolean} equals
 * @property {{diff(a: unknown, b: unknown): string | undefined | null, printExpected(value: unknown): string, printReceived(value: unknown): string, matcherHint(name: string, received?: string, expected?: string, options?: object): string}} utils
 */

/** @typedef {{pass: boolean, message: () => string}} Result */

/**
 * @param {Context} context
 * @param {string} name
 * @param {string} subject what is looked at, in words
 * @param {unknown} expected
 * @param {unknown} actual
 * @returns {Result}
 */
function compare({ equals, utils, isNot }, name, subject, expected, actual) {
  const pass = equals(actual, expected);
  const hint = () => utils.matcherHint(name, 'object', 'expected', { isNot });
  return {
    pass,
    message: () => {
      if (pass)
        return `${hint()}\n\nExpected ${subject} not to be: ${utils.printExpected(expected)}`;
      const diff = utils.diff(expected, actual);
      const both = `Expected ${subject}: ${utils.printExpected(expected)}\nReceived: ${utils.printReceived(actual)}`;
      return `${hint()}\n\n${both}${diff ? `\n\n${diff}` : ''}`;
    },
  };
}

/** @param {() => import('../controls/controls').Controls} controls @returns {Record<string, (this: Context, ...args: any[]) => Promise<Result>>} */
function createMatchers(controls) {
  return {
    /**
     * What `ctx.storage` has: under one key, or under each of those that an object names. `undefined`: nothing.
     */
    async toHaveStored(received, ...expected) {
      const storage = await controls().storageOf(received);
      if (expected.length > 1) {
        const [key, value] = expected;
        return compare(
          this,
          'toHaveStored',
          `what is stored as "${key}"`,
          value,
          await storage.get(key),
        );
      }
      const [entries] = expected;
      if (typeof entries === 'string') {
        const value = await storage.get(entries);
        return {
          pass: value !== undefined,
          message: () =>
            `Expected the object ${value === undefined ? '' : 'not '}to have stored "${entries}".` +
            (value === undefined ? '' : `\nReceived: ${this.utils.printReceived(value)}`),
        };
      }
      const actual = /** @type {Record<string, unknown>} */ ({});
      for (const key of Object.keys(entries)) actual[key] = await storage.get(key);
      return compare(this, 'toHaveStored', 'what is stored', entries, actual);
    },

    /** When its alarm is set to: a Date or milliseconds of the epoch; null: it has none. */
    async toHaveAlarmAt(received, expected) {
      const at = await (await controls().storageOf(received)).getAlarm();
      const shown = (/** @type {any} */ time) =>
        typeof time === 'number' || time instanceof Date
          ? new Date(Number(time)).toISOString()
          : time;
      const isPattern = typeof expected?.asymmetricMatch === 'function';
      return compare(
        this,
        'toHaveAlarmAt',
        'the alarm at',
        isPattern ? expected : shown(expected),
        isPattern ? at : shown(at),
      );
    },

    /** How many WebSockets the object has accepted for hibernation, all or those with a tag. */
    async toHaveSockets(received, count, tag) {
      const state = await controls().stateOf(received);
      const { length } = state.getWebSockets(tag);
      const subject = `the number of sockets${tag === undefined ? '' : ` with the tag "${tag}"`}`;
      return compare(this, 'toHaveSockets', subject, count, length);
    },

    /** A call rejects because its object was reset: aborted, broken, or replaced. */
    async toRejectWithDurableObjectReset(received, message) {
      const { utils, isNot } = this;
      const hint = () =>
        utils.matcherHint('toRejectWithDurableObjectReset', 'promise', '', { isNot });
      const isPromise = typeof received?.then === 'function';
      const promise = isPromise ? received : received();
      /** @type {any} */
      let error;
      try {
        const value = await promise;
        const resolved = () =>
          `${hint()}\n\nThe promise resolved to: ${utils.printReceived(value)}`;
        return { pass: false, message: resolved };
      } catch (thrown) {
        error = thrown;
      }
      if (error?.durableObjectReset !== true)
        return {
          pass: false,
          message: () =>
            `${hint()}\n\nIt rejected, but not because the object was reset: ${utils.printReceived(error)}`,
        };
      const isRight =
        message === undefined ||
        (message instanceof RegExp ? message.test(error.message) : error.message.includes(message));
      return {
        pass: isRight,
        message: () =>
          isRight
            ? `${hint()}\n\nIt rejected with: ${utils.printReceived(error.message)}`
            : `${hint()}\n\nExpected message: ${utils.printExpected(message)}\nReceived: ${utils.printReceived(error.message)}`,
      };
    },
  };
}

module.exports = { createMatchers };
