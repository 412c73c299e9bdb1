// The way in for the runner: an export that runs the test cases of a Worker on request.
//
//   GET /.cases           {names, assertions}: the cases in order, and how many assertions have passed so far
//   GET /.cases/<name>    runs one: {error?, assertions}
//
// Other requests go to the export as it was. A case is called as `workerd test` calls it, inside an event.
import { counts } from './counted-assert.js';

const prefix = '/.cases';

// Part of the language that Node 20 does not have and workerd's tests use.
Promise.withResolvers ??= function withResolvers() {
  const made = {};
  made.promise = new this((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
};

/**
 * @param {Record<string, any>} worker the module under test
 * @param {any} Original its export that answers the runner as well
 */
export function withCases(worker, Original) {
  if (typeof Original === 'function') {
    return class extends Original {
      fetch(request) {
        if (isForCases(request)) return answerCase(request, worker, this.env, this.ctx);
        return super.fetch(request);
      }
    };
  }
  return {
    ...Original,
    fetch(request, env, ctx) {
      if (isForCases(request)) return answerCase(request, worker, env, ctx);
      return Original.fetch.call(this, request, env, ctx);
    },
  };
}

function isForCases(request) {
  return new URL(request.url).pathname.startsWith(prefix);
}

async function answerCase(request, worker, env, ctx) {
  const name = decodeURIComponent(new URL(request.url).pathname.slice(prefix.length + 1));
  if (name === '') return Response.json({ names: caseNames(worker), assertions: counts.passed });
  const before = counts.passed;
  const outcome = {};
  try {
    const entrypoint = worker[name];
    if (typeof entrypoint === 'function') await new entrypoint(ctx, env).test({});
    else await entrypoint.test({}, env, ctx);
  } catch (error) {
    outcome.error = describe(error);
  }
  return Response.json({ ...outcome, assertions: counts.passed - before });
}

function caseNames(worker) {
  return Object.keys(worker)
    .filter((name) => {
      const value = worker[name];
      return typeof (typeof value === 'function' ? value.prototype : value)?.test === 'function';
    })
    .sort((a, b) => Number(b === 'default') - Number(a === 'default'));
}

function describe(error) {
  const text = error?.stack ?? String(error);
  return text.includes(error?.message) ? text : `${error}\n${text}`;
}
