'use strict';
// serviceOf(): a function of the program as a service binding (S7.7.2).

const { serviceOf } = require('../../../lib');
const { boundRuntime } = require('../../support/bound-project');
const { removeProjects } = require('../../support/project-files');

afterAll(removeProjects);

const source = `
  import { DurableObject } from 'cloudflare:workers';
  export class Caller extends DurableObject {
    async call() {
      await this.ctx.storage.put('called', true);
      return (await this.env.OTHER.fetch('http://other/object')).text();
    }
  }
  const forms = {
    text: (env) => env.OTHER.fetch('http://other/a', { method: 'POST', body: 'b', headers: { x: 'y' } }),
    url: (env) => env.OTHER.fetch(new URL('http://other/u')),
    request: (env) => env.OTHER.fetch(new Request('http://other/r', { method: 'PUT', body: 'c' })),
    passed: (env, request) => env.OTHER.fetch(request),
    throws: (env) => env.OTHER.fetch('http://other/throw'),
    nothing: (env) => env.OTHER.fetch('http://other/nothing'),
    object: async (env) => new Response(await env.OBJECTS.getByName('a').call()),
  };
  export default {
    async fetch(request, env) {
      try { return await forms[new URL(request.url).pathname.slice(1)](env, request); }
      catch (error) { return new Response(\`\${error.name}: \${error.message}\`, { status: 500 }); }
    },
  };`;

/** @param {Request} request */
async function answer(request) {
  const { pathname } = new URL(request.url);
  if (pathname === '/throw') throw new RangeError('too far');
  if (pathname === '/nothing') return /** @type {any} */ (undefined);
  const isOurs = request instanceof Request;
  const text = await request.text();
  return new Response(
    `${isOurs} ${request.method} ${request.url} ${request.headers.get('x')} ${text}`,
  );
}

test.each([
  ['text', 'true POST http://other/a y b'],
  ['url', 'true GET http://other/u null '],
  ['request', 'true PUT http://other/r null c'],
  ['passed', 'true POST http://a.test/passed null body'],
  ['throws', 'RangeError: too far'],
  ['nothing', "TypeError: Incorrect type for Promise: the Promise did not resolve to 'Response'."],
  ['object', 'true GET http://other/object null '],
])('%s', async (form, expected) => {
  const runtime = await boundRuntime(
    {
      durable_objects: { bindings: [{ name: 'OBJECTS', class_name: 'Caller' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Caller'] }],
    },
    { source, bindings: { OTHER: serviceOf(answer) } },
  );
  const init = { method: 'POST', body: 'body' };
  expect(await (await runtime.fetch(`http://a.test/${form}`, init)).text()).toBe(expected);
  await runtime.close();
});

test('what is no function', () => {
  expect(() => serviceOf(/** @type {any} */ ({}))).toThrow('serviceOf() needs a function');
});
