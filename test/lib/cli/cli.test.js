'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const http = require('node:http');
const path = require('node:path');
const { text } = require('node:stream/consumers');
const { Server } = require('../../support/server');
const { makeProject, removeProjects, writeFiles } = require('../../support/project-files');

const FAKE = path.join(__dirname, 'fake-runtime.js');
const WORKER = 'export default { fetch: (request, env) => `${env.NAME}${request.url}` };';
const CONFIG = {
  name: 'app',
  main: 'index.js',
  compatibility_date: '2026-08-25',
  vars: { NAME: 'config' },
};
const READY = /^Ready on (http:\/\/127\.0\.0\.1:\d+)\n$/;

/** @type {Server[]} */
const started = [];

afterEach(() => Promise.all(started.splice(0).map((server) => server.kill())));
afterAll(removeProjects);

function run(command, args, { cwd, env = {} } = {}) {
  const child = spawn(process.execPath, [FAKE, command, ...args], {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const server = new Server(child);
  started.push(server);
  return server;
}

async function serve(command, args, options) {
  const server = run(command, ['--port', '0', ...args], options);
  const match = await server.waitForOutput(READY, { stream: 'stdout' });
  server.url = match[1];
  return server;
}

/** Each request has a connection of its own: a reload closes those that are open. */
async function get(server, where = '/') {
  const request = http.get(server.url + where, { agent: false });
  const [response] = await once(request, 'response');
  return JSON.parse(await text(response));
}

const app = (files = {}) => makeProject({ 'wrangler.json': CONFIG, 'index.js': WORKER, ...files });

async function failure(args, options) {
  const server = run('start', args, options);
  const exit = await server.exited;
  return { ...exit, ...server.output };
}

describe('start', () => {
  test('prints one line when it accepts, serves, and drains on SIGTERM', async () => {
    const directory = app();
    const server = await serve('start', [directory]);
    expect(await get(server, '/a')).toEqual({
      text: 'config/a',
      dataDir: path.join(directory, '.holdfast'),
      idleEvictionMs: null,
    });
    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(server.output.stdout).toMatch(READY);
    expect(server.output.stderr).toBe('draining\n');
  });

  test('the current directory is the default project', async () => {
    const server = await serve('start', [], { cwd: app() });
    expect((await get(server)).text).toBe('config/');
  });

  test('options reach the config and the runtime', async () => {
    const directory = app({
      'other.json': { ...CONFIG, env: { x: { vars: { NAME: 'x', OTHER: 'o' } } } },
    });
    const args = [
      '--config',
      path.join(directory, 'other.json'),
      '--env',
      'x',
      '--data-dir',
      'data',
      '--idle-eviction-ms',
      '7',
      '--retention-days',
      '30',
    ];
    const server = await serve('start', [...args], { cwd: directory });
    expect(await get(server)).toEqual({
      text: 'x/',
      dataDir: path.join(directory, 'data'),
      idleEvictionMs: 7,
      retentionMs: 2_592_000_000,
    });
    const second = await serve('start', [...args, '--var', 'NAME=a=b', '--var', 'MORE=1'], {
      cwd: directory,
    });
    expect((await get(second)).text).toBe('a=b/');
  });

  test('--var, --define and --alias take several; they and --name win over the config', async () => {
    const directory = app({
      'wrangler.json': { ...CONFIG, define: { A: '"a"', B: '"b"' }, alias: { 'one/x': './1.js' } },
      'index.js': `
        import one from 'one/x';
        import two from '@two/x';
        const all = (env) => [A, B, one, two, env.NAME, env.MORE].join(' ');
        export default { fetch: (request, env) => all(env) };`,
      '1.js': 'export default 1;',
      '2.js': 'export default 2;',
      '3.js': 'export default 3;',
    });
    const args = ['--var', 'NAME:n', 'MORE=m:1', '--define', 'B:"c"', '--alias', 'one/x:./2.js'];
    const server = await serve('start', [...args, '@two/x:./3.js', directory, '--name', 'other']);
    expect((await get(server)).text).toBe('a c 2 3 n m:1');
  });

  test('S8.6.1 .env of the current directory sets what the command line reads; --env-file is another one', async () => {
    const directory = app({
      'wrangler.json': {
        ...CONFIG,
        env: { x: { vars: { NAME: 'x' } }, y: { vars: { NAME: 'y' } } },
      },
      '.env': 'CLOUDFLARE_ENV=x',
      'other.env': 'NAME=file',
      'last.env': 'NAME=last',
    });
    const byFile = await serve('start', [directory], { cwd: directory });
    expect((await get(byFile)).text).toBe('x/');
    const byProcess = await serve('start', [], { cwd: directory, env: { CLOUDFLARE_ENV: 'y' } });
    expect((await get(byProcess)).text).toBe('y/');
    const files = ['--env-file', 'other.env', '--env-file', 'last.env'];
    const named = await serve('start', files, { cwd: directory });
    expect((await get(named)).text).toBe('last/');
  });

  test('S8.2 the compatibility date and flags of the command line take the place of those of the config', async () => {
    const server = await serve(
      'start',
      [
        '--compatibility-date',
        '2024-01-01',
        '--compatibility-flags',
        'nodejs_compat',
        'nodejs_als',
      ],
      { cwd: app({ 'wrangler.json': { ...CONFIG, compatibility_flags: ['no_such_flag'] } }) },
    );
    expect((await get(server)).text).toBe('config/');
  });

  test('an entry file without a config', async () => {
    const directory = makeProject({
      'worker.ts': 'export default { fetch: (): string => "alone" };',
    });
    const server = await serve('start', [path.join(directory, 'worker.ts')]);
    expect(await get(server)).toMatchObject({
      text: 'alone',
      dataDir: path.join(directory, '.holdfast'),
    });
  });

  test('warnings go to standard error, one line each', async () => {
    const directory = app({
      'wrangler.json': { ...CONFIG, routes: ['a'], ai: { binding: 'AI' } },
    });
    const server = await serve('start', [directory]);
    expect(server.output.stderr.split('\n')).toEqual([
      'warning: These keys have no effect here: routes.',
      'warning: These bindings are not supported yet and throw when used: ai (env.AI).',
      '',
    ]);
  });

  test.each([
    [[], {}, 'warning: Mail of env.MAIL cannot leave, and sending throws: there is no --smtp.\n'],
    [['--smtp', 'smtp://a.test'], {}, ''],
    [[], { HOLDFAST_SMTP_URL: 'smtp://a.test' }, ''],
  ])('mail: %j %j', async (args, env, stderr) => {
    const directory = app({ 'wrangler.json': { ...CONFIG, send_email: [{ name: 'MAIL' }] } });
    const server = await serve('start', [directory, ...args], { env });
    expect(server.output.stderr).toBe(stderr);
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])('a second %s exits at once', async (signal, code) => {
    const server = await serve('start', [app()], { env: { FAKE_DRAINS_FOR_EVER: '1' } });
    process.kill(server.pid, signal);
    await server.waitForOutput(/draining/, { stream: 'stderr' });
    process.kill(server.pid, signal);
    expect(await server.exited).toEqual({ code, signal: null });
  });
});

describe('errors are one message and exit code 1', () => {
  test.each([
    [
      'config',
      { 'wrangler.json': '{\n  "name": 1\n}' },
      /^wrangler\.json:2:11: Expected "name" to be of type string.*\n$/,
    ],
    [
      'code',
      { 'index.js': 'export default {\n  fetch( {\n};' },
      /^index\.js:3:2: .*\n {4}\};\n {5}\^\n$/,
    ],
    [
      'module',
      { 'index.js': '\nexport default nothing.at.all;' },
      /^index\.js:2:16: ReferenceError: nothing is not defined\n$/,
    ],
    [
      'module that throws what has no stack',
      { 'index.js': 'throw "words";\nexport default {};' },
      /^index\.js: 'words' was thrown while the module was loaded\.\n$/,
    ],
    [
      'module that never finishes',
      { 'index.js': 'await new Promise(() => {});\nexport default {};' },
      /^index\.js: a top-level await in it never settles\.\n$/,
    ],
    [
      'class',
      {
        'wrangler.json': {
          ...CONFIG,
          durable_objects: { bindings: [{ name: 'A', class_name: 'Alpha' }] },
          migrations: [{ tag: '1', new_sqlite_classes: ['Alpha'] }],
        },
      },
      /^wrangler\.json:\d+:\d+: A Durable Object binding names the class "Alpha", but index\.js exports no such class\. .*\n$/,
    ],
    [
      'nothing exported',
      { 'index.js': 'console.log;' },
      /^index\.js: exports nothing and listens to nothing: .*\n$/,
    ],
  ])('%s', async (_, files, message) => {
    const directory = app(files);
    const { code, stdout, stderr } = await failure(['--port', '0'], { cwd: directory });
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  test('no project', async () => {
    const directory = makeProject({ 'a.txt': '' });
    const { code, stderr } = await failure([], { cwd: directory });
    expect(stderr).toBe(
      `There is no wrangler.json, wrangler.jsonc, wrangler.toml in ${directory} or above it.\n`,
    );
    expect(code).toBe(1);
  });

  test('an environment of an entry file without a config', async () => {
    const directory = makeProject({ 'worker.js': WORKER });
    const { code, stderr } = await failure(['worker.js', '--env', 'x'], { cwd: directory });
    expect(stderr).toBe('worker.js: has no config, so there is no environment "x".\n');
    expect(code).toBe(1);
  });

  test('a port in use', async () => {
    const blocker = http.createServer();
    await new Promise((resolve) => blocker.listen(0, '127.0.0.1', resolve));
    const { port } = blocker.address();
    const { code, stderr } = await failure([app(), '--port', String(port)]);
    await new Promise((resolve) => blocker.close(resolve));
    expect(stderr).toContain(
      `127.0.0.1:${port} is in use by another program; choose another port with --port.\n`,
    );
    expect(code).toBe(1);
  });

  test.each([
    ['--port', 'x'],
    ['--port', '65536'],
    ['--var', 'novalue'],
    ['--define', 'novalue'],
    ['--data-dir', ''],
    ['--nonsense', 'x'],
  ])('%s %s', async (...args) => {
    const { code, stderr } = await failure([app(), ...args]);
    expect(stderr).toMatch(new RegExp(`^error: .*${args[0]}`));
    expect(code).toBe(1);
  });

  test('but a rejection that nobody waits for while the module loads is only reported (S2.7.5)', async () => {
    const source = `Promise.reject(new Error('early'));
      await new Promise((resolve) => setTimeout(resolve, 20));
      ${WORKER}`;
    const server = await serve('start', [app({ 'index.js': source })]);
    expect((await get(server)).text).toBe('config/');
    expect(server.output.stderr).toContain('Uncaught Error: early');
  });

  test('HOLDFAST_DEBUG shows the stack', async () => {
    const { stderr } = await failure([app({ 'wrangler.json': '{}' })], {
      env: { HOLDFAST_DEBUG: '1' },
    });
    expect(stderr).toMatch(/\n {4}at /);
  });
});

test('--help shows the defaults as they are', async () => {
  const server = run('start', ['--help']);
  await server.exited;
  expect(server.output.stdout.replace(/\s+/g, ' ')).toContain(
    '--compatibility-flags <flag...> in place of compatibility_flags of the config --idle-eviction-ms <number> ' +
      'how long an idle object stays in memory (default: 10000)',
  );
});

describe('dev', () => {
  test('reloads when the source or the config changes, and survives errors', async () => {
    const directory = app();
    const server = await serve('dev', ['.'], { cwd: directory });
    expect((await get(server)).text).toBe('config/');

    writeFiles(directory, { 'index.js': WORKER.replace('`$', '`new $') });
    await server.waitForOutput(/Reloaded\n/, { stream: 'stderr' });
    expect((await get(server)).text).toBe('new config/');

    writeFiles(directory, { 'index.js': 'export default {;' });
    await server.waitForOutput(/index\.js:1:17: /, { stream: 'stderr' });
    expect((await get(server)).text).toBe('new config/');

    writeFiles(directory, { 'index.js': WORKER });
    await server.waitForOutput(/(Reloaded\n[^]*){2}/, { stream: 'stderr' });
    writeFiles(directory, { '.dev.vars': 'NAME=secret' });
    await server.waitForOutput(/(Reloaded\n[^]*){3}/, { stream: 'stderr' });
    expect((await get(server)).text).toBe('secret/');

    expect(await server.stop()).toEqual({ code: 0, signal: null });
    expect(server.output.stdout).toMatch(READY);
  });
});
