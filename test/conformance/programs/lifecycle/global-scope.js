import { DurableObject, env, exports, waitUntil } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const { OBJECT } = env;
const bytes = new Uint8Array(1);

const actions = {
  'Math.random': () => typeof Math.random(),
  'Date.now': () => typeof Date.now(),
  idFromName: () => typeof OBJECT.idFromName('a'),
  newUniqueId: () => typeof OBJECT.newUniqueId(),
  idFromString: () => typeof OBJECT.idFromString(OBJECT.idFromName('a').toString()),
  get: () => typeof OBJECT.get(OBJECT.idFromName('a')),
  getByName: () => typeof OBJECT.getByName('a'),
  waitUntil: () => waitUntil(Promise.resolve()),
  queueMicrotask: () => queueMicrotask(() => {}),
  URL: () => new URL('http://a/').href,
  Headers: () => typeof new Headers({ a: 'b' }),
  Request: () => new Request('http://a/').url,
  env: () => Object.keys(env).length,
};
const awaited = {
  call: () => OBJECT.getByName('a').hello(),
  fetch: () => OBJECT.getByName('a').fetch('http://do/'),
  digest: async () => (await crypto.subtle.digest('SHA-256', bytes)).byteLength,
};

const named = async (entries) => Object.fromEntries(await Promise.all(entries));
const inside = Object.entries(actions).map(([name, action]) => [name, attemptSync(action)]);
const settled = Object.entries(awaited).map(async ([name, action]) => [
  name,
  await attempt(async () => action()),
]);
const hasExports = attemptSync(() => typeof exports.default);

const probes = {
  inside: () => [Object.fromEntries(inside), hasExports],
  awaited: () => named(settled),
  time() {
    const [date, now] = [Date.now(), performance.now()];
    let turns = 0;
    while ((Date.now() === date || performance.now() === now) && turns < 1e8) turns += 1;
    return [Date.now() > date, performance.now() > now];
  },
  handler: async () => [
    typeof OBJECT.getByName('a'),
    await OBJECT.getByName('a').hello(),
    typeof exports.default,
  ],
};

export class Obj extends DurableObject {
  hello() {
    return 'hello';
  }

  fetch() {
    return new Response('hello');
  }
}

export default {
  fetch: (request) => answer(probes, request),
};
