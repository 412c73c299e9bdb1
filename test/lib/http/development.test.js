// `development: true` and `holdfast dev`: exceptions and builds that failed are shown to the client, requests are logged.
'use strict';

const http = require('node:http');
const { errorPage } = require('../../../lib/http/error-page');
const { createRuntime } = require('../../support/runtime');
const { makeProject, removeProjects, writeFiles } = require('../../support/project-files');
const { startServer } = require('../../support/server');

let isOver = false;
afterEach(() => {
  isOver = true;
});
afterAll(removeProjects);

const kWorker = `export default {
  fetch(request: Request): Response {
    if (request.url.endsWith('/throw')) throw new TypeError('<broken> & "so"');
    return new Response('works');
  },
};
`;
const kBrowser = 'text/html,application/xhtml+xml;q=0.9,*/*;q=0.8';

test('the page of an error is text, or HTML in which nothing of the error is markup', () => {
  const problem = { title: 'A <title>', text: 'Error: <b>&"\n    at <anonymous>' };
  const text = errorPage(problem, '*/*');
  expect(text.type).toBe('text/plain;charset=UTF-8');
  expect(text.body).toBe('A <title>\n\nError: <b>&"\n    at <anonymous>\n');
  expect(errorPage(problem, null)).toEqual(text);
  const html = errorPage(problem, kBrowser);
  expect(html.type).toBe('text/html;charset=UTF-8');
  expect(html.body).toContain('<p>Error: &#60;b&#62;&#38;&#34;</p>');
  expect(html.body).toContain('<pre>    at &#60;anonymous&#62;</pre>');
  expect(html.body).not.toContain('<b>');
});

test('S9.1.3 a server for development runs the scheduled handler when it is asked to, another one does not', async () => {
  const main = `${makeProject({
    'worker.mjs': `
      let seen = 'nothing';
      export default {
        fetch: (request) => new Response(new URL(request.url).pathname + ' ' + seen),
        scheduled(controller) {
          seen = controller.cron + ' ' + controller.scheduledTime;
          if (controller.cron === 'bad') throw new Error('on purpose');
          controller.noRetry();
        },
      };`,
  })}/worker.mjs`;
  const errors = jest.spyOn(console, 'error').mockReturnValue();
  const runtime = await createRuntime({ main, development: true });
  const plain = await createRuntime({ main });
  try {
    const [server, other] = [await runtime.listen({ port: 0 }), await plain.listen({ port: 0 })];
    const host = http.createServer(runtime.requestListener).listen(0);
    const { port } = /** @type {import('node:net').AddressInfo} */ (host.address());
    const path = '/cdn-cgi/local/scheduled';
    for (const older of ['/cdn-cgi/handler/scheduled', '/cdn-cgi/mf/scheduled'])
      expect((await request(server.url + older, '*/*')).body).toBe('ok');
    for (const url of [server.url, `http://127.0.0.1:${port}`]) {
      const ran = await request(`${url}${path}?cron=*+*+*+*+*&time=1000`, '*/*');
      expect([ran.status, ran.body]).toEqual([200, 'ok']);
      expect((await request(`${url}/`, '*/*')).body).toBe('/ * * * * * 1000');
      expect(await request(`${url}${path}?format=json`, '*/*')).toMatchObject({
        status: 200,
        body: '{"outcome":"ok","noRetry":true}',
      });
      const bad = await request(`${url}${path}?cron=bad`, '*/*');
      expect([bad.status, bad.body]).toEqual([500, 'exception']);
    }
    const { port: open } = server;
    const foreign = { host: '127.0.0.1', port: open, path, headers: { origin: 'http://a.test' } };
    const refused = await new Promise((resolve) => http.get(foreign, resolve));
    expect([refused.statusCode, refused.resume().statusMessage]).toEqual([
      403,
      'Invalid Origin header',
    ]);
    host.close();
    expect((await request(`${other.url}${path}`, '*/*')).body).toBe(`${path} nothing`);
  } finally {
    errors.mockRestore();
    await runtime.close();
    await plain.close();
  }
});

test('dev shows exceptions with their place in the source, failed builds to browsers, and logs requests', async () => {
  const directory = makeProject({
    'wrangler.json': { main: 'worker.ts', compatibility_date: '2026-08-25' },
    'worker.ts': kWorker,
  });
  const server = await startServer({ project: directory, command: 'dev' });
  const get = (/** @type {string} */ path, accept = '*/*') => request(server.url + path, accept);

  const thrown = await get('/throw?x');
  expect(thrown.status).toBe(200);
  const text = await get('/throw');
  expect([text.status, text.type]).toEqual([500, 'text/plain;charset=UTF-8']);
  expect(text.body).toMatch(/^The Worker threw an exception\n\nTypeError: <broken> & "so"\n/);
  expect(text.body).toMatch(/worker\.ts:3:\d+/);
  const page = await get('/throw', kBrowser);
  expect([page.status, page.type]).toEqual([500, 'text/html;charset=UTF-8']);
  expect(page.body).toContain('TypeError: &#60;broken&#62;');
  await server.waitForOutput(/^GET \/throw\?x 200 \(\d+ ms\)$/m, { stream: 'stderr' });
  await server.waitForOutput(/^GET \/throw 500 \(\d+ ms\)$/m, { stream: 'stderr' });

  writeFiles(directory, { 'worker.ts': 'export default {;' });
  await server.waitForOutput(/worker\.ts:1:17: /, { stream: 'stderr' });
  const failed = await get('/', kBrowser);
  expect(failed.status).toBe(500);
  expect(failed.body).toContain('The project cannot be built');
  expect(failed.body).toMatch(/worker\.ts:1:17: /);
  expect((await get('/')).body).toBe('works');

  writeFiles(directory, { 'worker.ts': kWorker });
  isOver = false;
  while (!isOver && (await get('/', kBrowser)).status === 500);
  expect((await get('/', kBrowser)).body).toBe('works');
  await server.stop();
});

test('start keeps exceptions to itself', async () => {
  const directory = makeProject({
    'wrangler.json': { main: 'worker.ts', compatibility_date: '2026-08-25' },
    'worker.ts': kWorker,
  });
  const server = await startServer({ project: directory });
  const { status, body } = await request(`${server.url}/throw`, kBrowser);
  expect([status, body]).toEqual([500, 'Internal Server Error']);
  await server.stop();
  expect(server.output.stderr).not.toContain('GET /throw');
});

test('a listener in a server of node:http shows exceptions with `development`, and only then', async () => {
  const config = makeProject({
    'wrangler.json': { main: 'worker.ts', compatibility_date: '2026-08-25' },
    'worker.ts': kWorker,
  });
  jest.spyOn(console, 'error').mockImplementation(() => {});
  for (const development of [true, false]) {
    const runtime = await createRuntime({ config, development });
    const server = http.createServer(runtime.requestListener).listen(0);
    const get = (/** @type {string} */ path) =>
      request(`http://127.0.0.1:${server.address().port}${path}`, kBrowser);
    const { status, type, body } = await get('/throw');
    expect((await get('/')).body).toBe('works');
    expect(status).toBe(500);
    if (development) {
      expect(type).toBe('text/html;charset=UTF-8');
      expect(body).toContain('TypeError: &#60;broken&#62;');
    } else expect(body).toBe('Internal Server Error');
    server.close();
    await runtime.close();
  }
  jest.restoreAllMocks();
});

/** @param {string} url @param {string} accept @returns {Promise<{status?: number, type?: string, body: string}>} */
function request(url, accept) {
  return new Promise((resolve, reject) => {
    const sent = http.get(url, { agent: false, headers: { accept } }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode, type: response.headers['content-type'], body }),
      );
    });
    sent.on('error', reject);
  });
}
