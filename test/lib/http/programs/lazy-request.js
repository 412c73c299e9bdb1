// Answers requests with a handler that looks at them, and prints what there is more than before and what was called of the addon.
//
//   node lazy-request.js CONFIG [BODY]
//
// A process of its own: to count objects V8 collects all garbage, which takes long in the heap of Jest.
'use strict';

const { once } = require('node:events');
const http = require('node:http');
const v8 = require('node:v8');
const addon = require('../../../../lib/native');
const { Headers, NativeBody, Request } = require('../../../../lib/web/internal');
const { createRuntime } = require('../../../..');

const kRequests = 20;
const kinds = { Headers, NativeBody, Request, ReadableStream, AbortSignal };

/** @type {Record<string, number>} calls of the addon, by name */
let calls = {};

/** What stands for it: its methods count their calls. @param {any} runtime of the addon */
function count(runtime) {
  /** @type {Record<string, unknown>} */
  const counted = {};
  const methods = Object.getPrototypeOf(runtime);
  for (const name of [methods, runtime].flatMap(Object.getOwnPropertyNames)) {
    const member = runtime[name];
    counted[name] = member;
    if (typeof member !== 'function') continue;
    counted[name] = (/** @type {any[]} */ ...args) => {
      calls[name] = (calls[name] ?? 0) + 1;
      return member.apply(runtime, args);
    };
  }
  return counted;
}

const { Runtime } = addon;
addon.Runtime = function (/** @type {any[]} */ ...args) {
  return count(new Runtime(...args));
};

/** Whether the last of all is still held by the engine is its own affair. @param {number} n */
const perRequest = (n) => Math.round(n / kRequests);

const objects = () =>
  Object.entries(kinds).map(([name, type]) => [name, v8.queryObjects(type, { format: 'count' })]);

async function main() {
  const [config, body] = process.argv.slice(2);
  const runtime = await createRuntime({ config });
  const { port } = await runtime.listen({ port: 0 });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async () => {
    const method = body === undefined ? 'GET' : 'POST';
    const request = http.request({ port, method, agent, headers: { accept: 'b' } }).end(body);
    const [answer] = await once(request, 'response');
    if (answer.statusCode !== 200) throw new Error(`answered with ${answer.statusCode}`);
    await once(answer.resume(), 'end');
  };
  await ask(); // makes what is made once
  const before = Object.fromEntries(objects());
  calls = {};
  for (let i = 0; i < kRequests; i += 1) await ask();
  const called = calls;
  const made = objects().map(([name, n]) => [name, perRequest(n - before[name])]);
  const each = Object.entries(called).map(([name, n]) => [name, perRequest(n)]);
  agent.destroy();
  await runtime.close();
  console.log(
    JSON.stringify({
      made: Object.fromEntries(made.filter(([, n]) => n !== 0)),
      called: Object.fromEntries(each),
    }),
  );
}

void main();
