import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

let seen = [];
const listen = (type, describe) => addEventListener(type, (event) => seen.push(describe(event)));
for (const type of ['unhandledrejection', 'rejectionhandled'])
  listen(type, (event) => [
    event.type,
    `${event.reason}`,
    event.promise instanceof Promise,
    event.cancelable,
    Object.prototype.toString.call(event),
  ]);
listen('error', (event) => [
  event.type,
  event.message,
  typeof event.filename,
  typeof event.lineno,
  `${event.error}`,
  event.cancelable,
  event.constructor.name,
]);

/** What the listeners saw while the code ran, and a little later. */
async function during(run) {
  seen = [];
  await run();
  await scheduler.wait(30);
  return seen;
}

export class Rejecting extends DurableObject {
  reject() {
    return during(() => void Promise.reject(new Error('of an object')));
  }
}

const probes = {
  unhandled: () => during(() => void Promise.reject(new TypeError('left alone'))),
  later: () =>
    during(async () => {
      const promise = Promise.reject('handled later');
      await scheduler.wait(10);
      promise.catch(() => {});
    }),
  handled: () =>
    during(() => {
      Promise.reject('handled').catch(() => {});
      return Promise.resolve()
        .then(() => Promise.reject('chained'))
        .catch(() => {});
    }),
  async: () =>
    during(() => {
      (async () => {
        await null;
        throw new Error('of an async function');
      })();
    }),
  object: ({ OBJECT }) => OBJECT.getByName('a').reject(),
  report: () =>
    during(() => {
      reportError(new TypeError('reported'));
      reportError('text');
      reportError(undefined);
    }),
  'report-nothing': () => attempt(() => reportError()),
  microtask: () =>
    during(() => {
      queueMicrotask(() => {
        throw new Error('of a microtask');
      });
    }),
  'microtask-arguments': () =>
    Promise.all([attempt(() => queueMicrotask()), attempt(() => queueMicrotask(5))]),
  timer: () =>
    during(() => {
      setTimeout(() => {
        throw new Error('of a timer');
      });
    }),
};

export default { fetch: (request, env) => answer(probes, request, env) };
