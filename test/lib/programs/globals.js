// A program with a runtime inside: `node globals.js worker|two|classes|rejections|everywhere`. It prints what it and the Workers' code see, as JSON.
/* global WebSocketPair */
'use strict';

const { createRuntime, DurableObject } = require('../../..');
const { makeProject, removeProjects } = require('../../support/project-files');

const SOURCE = `
import { DurableObject } from 'cloudflare:workers';
import { peek } from 'some-package';
export class Room extends DurableObject {
  async waits() {
    await new Promise((resolve) => setTimeout(resolve, 60));
    return 'the object waited';
  }
}
const origin = 'a name of its own';
export default {
  async fetch(request, env) {
    if (request.url.endsWith('/plain')) return new Response('plain');
    if (request.url.endsWith('/form')) {
      const form = new FormData();
      form.append('text', 'a text');
      form.append('file', new Blob(['of a file']), 'a.txt');
      return new Response(form);
    }
    return Response.json({
      navigator: navigator.userAgent,
      isOne: globalThis === self && globalThis.Response === Response && origin.length === 17,
      instances: [
        request instanceof Request,
        new Response('') instanceof globalThis.Response,
        new env.NodeResponse('') instanceof Response,
        env.nodeForm instanceof FormData,
        await fetch('http://never.test/').catch((error) => error instanceof Error),
      ],
      package: peek(),
      flags: [Cloudflare.compatibilityFlags.rpc, Cloudflare.compatibilityFlags.experimental],
      timers: await env.ROOM.getByName('a').waits(),
    });
  },
};`;
const PACKAGE = `
const root = typeof self === 'object' ? self : globalThis;
root.WebSocket = 'patched';
module.exports.peek = () => [WebSocket, typeof root.WebSocketPair, root.Array === Array];`;
const PATCHES = `globalThis.fetch = 'patched'; export default { fetch: () => new Response(fetch) };`;
const LOOKS = 'export default { fetch: () => new Response(typeof fetch) };';

class Host extends DurableObject {
  see() {
    const { navigator, Response: Seen } = /** @type {any} */ (globalThis);
    return {
      navigator: navigator.userAgent,
      pair: typeof WebSocketPair,
      isOwn: Seen === OwnResponse,
    };
  }
  fetch() {
    const { 0: client, 1: server } = /** @type {any} */ (new WebSocketPair());
    this.ctx.acceptWebSocket(server);
    return new Response(null, /** @type {any} */ ({ status: 101, webSocket: client }));
  }
}

/** Every global as the program sees it. */
const look = () =>
  Object.fromEntries(
    Object.getOwnPropertyNames(globalThis).map((name) => [
      name,
      /** @type {any} */ (globalThis)[name],
    ]),
  );
const before = look();
const OwnResponse = Response;
/** Node makes these anew each time, or they are no value. */
const kNotEqual = new Set(['NaN']);

/** Names whose value is another one than at the start. */
const changed = () =>
  Object.entries({ ...look() })
    .filter(([name, value]) => value !== before[name] && !kNotEqual.has(name))
    .map(([name]) => name);

/** A form of the Worker, in the program's hands and passed on by it. @param {any} runtime */
async function formOf(runtime) {
  const form = await (await runtime.fetch('http://a.test/form')).formData();
  const isForm = form instanceof FormData;
  const file = form.get('file');
  const passedOn = await new Response(form).formData();
  return { isForm, file: [file.name, await file.text()], passedOn: passedOn.get('text') };
}

const programs = {
  async worker() {
    const files = {
      'index.js': SOURCE,
      'node_modules/some-package/package.json': { name: 'some-package', main: 'index.js' },
      'node_modules/some-package/index.js': PACKAGE,
    };
    const main = `${makeProject(files)}/index.js`;
    const runtime = await createRuntime({
      main,
      bindings: { NodeResponse: OwnResponse, nodeForm: new FormData() },
    });
    const response = await runtime.fetch('http://a.test/');
    const plain = await runtime.fetch('http://a.test/plain');
    const answer = {
      isResponse: plain instanceof Response,
      isHeaders: plain.headers instanceof Headers,
      ...(await formOf(runtime)),
      type: plain.headers.get('content-type'),
    };
    const result = { changed: changed(), seen: await response.json(), answer };
    await runtime.close();
    return result;
  },
  async two() {
    const texts = [];
    for (const source of [PATCHES, LOOKS]) {
      const runtime = await createRuntime({
        main: `${makeProject({ 'index.js': source })}/index.js`,
      });
      texts.push(await (await runtime.fetch('http://a.test/')).text());
      await runtime.close();
    }
    return { first: texts[0], second: texts[1] };
  },
  async classes() {
    const runtime = await createRuntime({ durableObjects: { HOST: Host } });
    const stub = runtime.env.HOST.getByName('a');
    const inside = await stub.see();
    const init = { headers: { upgrade: 'websocket' } };
    const answer = /** @type {any} */ (await stub.fetch('http://a.test/', init));
    const outside = {
      pair: typeof WebSocketPair,
      isOwn: Response === OwnResponse,
      status: answer.status,
      hasSocket: typeof answer.webSocket === 'object',
    };
    const names = new Set(Object.keys(before));
    const seen = changed();
    await runtime.close();
    const closed = Object.getOwnPropertyNames(globalThis).filter((name) => !names.has(name));
    return { changed: seen, inside, outside, closed };
  },
  async rejections() {
    const source = `
      const seen = [];
      addEventListener('unhandledrejection', ({ reason }) => seen.push(reason));
      export default { async fetch() {
        Promise.reject('of the Worker');
        await scheduler.wait(10);
        return Response.json(seen);
      } };`;
    const main = `${makeProject({ 'index.js': source })}/index.js`;
    const before = process.listenerCount('unhandledRejection');
    const plain = await createRuntime({ main: `${makeProject({ 'index.js': LOOKS })}/index.js` });
    const between = process.listenerCount('unhandledRejection');
    const runtime = await createRuntime({ main });
    console.error = () => {};
    const seen = await (await runtime.fetch('http://a.test/')).json();
    await plain.close();
    await runtime.close();
    const ended = new Promise((resolve) => process.once('uncaughtException', resolve));
    Promise.reject('of the program');
    return { listeners: [before, between], seen, ended: await ended };
  },
  async everywhere() {
    require('../../../lib/globals');
    return {
      pair: typeof WebSocketPair,
      isOwn: Response === OwnResponse,
      nodeIsInstance: new OwnResponse('') instanceof Response,
    };
  },
};

async function main() {
  const [kind] = /** @type {(keyof typeof programs)[]} */ (process.argv.slice(2));
  console.log(JSON.stringify(await programs[kind]()));
  removeProjects();
}

main();
