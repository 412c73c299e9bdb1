'use strict';
// runHandler: calls a handler of the default export for an event that is no request: `scheduled`, `queue`, `email` (spec S9.1.1).

const { Invocation } = require('./invocation');

/** The Worker has none of that name. */
class MissingHandler extends Error {}

/**
 * @param {import('./worker').Worker} worker
 * @param {string} name of the handler
 * @param {object} event its argument
 * @returns {Promise<void>} rejects with what the handler throws; its result does not matter (S9.5.2)
 */
async function runHandler(worker, name, event) {
  const invocation = new Invocation(worker, 'request');
  invocation.begin();
  try {
    await invocation.run(() => {
      const { target, ctx, isClass } = worker.entrypoint('default', {}, invocation);
      const handler = target?.[name];
      if (typeof handler !== 'function')
        throw new MissingHandler(`Handler does not export ${article(name)} ${name}() function.`);
      return isClass ? handler.call(target, event) : handler.call(target, event, worker.env, ctx);
    });
  } finally {
    invocation.done();
  }
}

/** @param {string} name */
const article = (name) => (/^[aeiou]/.test(name) ? 'an' : 'a');

module.exports = { MissingHandler, runHandler };
