// The library as its users hold it: what createRuntime() takes and refuses, and how a runtime ends.
'use strict';

const { readFileSync } = require('node:fs');
const { createRuntime, DurableObject } = require('../support/runtime');
const { makeProject, removeProjects } = require('../support/project-files');

class Greeter extends DurableObject {
  hello() {
    return 'hello';
  }
}

/** @type {any[]} */
const open = [];

/** @param {any} options */
async function start(options) {
  const runtime = await createRuntime(options);
  open.push(runtime);
  return runtime;
}

afterEach(() => Promise.all(open.splice(0).map((runtime) => runtime.close())));
afterAll(removeProjects);

const greeters = (options = {}) => start({ durableObjects: { GREETER: Greeter }, ...options });

/** @param {string} source @param {object} [options] */
const worker = (source, options) =>
  start({ main: `${makeProject({ 'worker.mjs': source })}/worker.mjs`, ...options });

describe('options that would be lost without a word are refused', () => {
  const main = 'worker.js';
  test.each([
    [undefined, 'needs options'],
    [{}, 'one of config, main, durableObjects'],
    [{ main: 5 }, 'main is a string, and not 5'],
    [{ config: 5 }, 'config is a string, and not 5'],
    [{ main, durableObjects: { GREETER: Greeter } }, 'durableObjects alone'],
    [{ main, datadir: 'data' }, 'createRuntime() has no option datadir. There are: config, main'],
    [{ main, dataDir: '' }, 'dataDir is empty'],
    [{ main, dataDir: 5 }, 'dataDir is a string, and not 5'],
    [
      { main, idleEvictionMs: '10' },
      'idleEvictionMs is a whole number from 0 to 4294967295, and not "10"',
    ],
    [{ main, idleEvictionMs: -1 }, 'and not -1'],
    [{ main, dataDir: 'data', retentionMs: -1 }, 'retentionMs is a whole number from 0'],
    [{ main, retentionMs: 1 }, 'retentionMs needs a dataDir'],
    [{ main, durability: 'none' }, `durability is 'flush' or 'system', and not "none"`],
    [{ main, vars: 'A=B' }, 'vars is an object, and not "A=B"'],
    [{ main, bindings: 'AI' }, 'bindings is an object, and not "AI"'],
    [
      { main, limits: { headerBytes: 1 } },
      'limits has no option headerBytes. There are: connectionsMax',
    ],
    [{ main, limits: { headerBytesMax: 0 } }, 'limits.headerBytesMax is a whole number from 1'],
    [{ main, limits: { drainTimeoutMs: 2 ** 32 } }, 'and not 4294967296'],
    [{ durableObjects: Greeter.name }, 'durableObjects is an object, and not "Greeter"'],
    [{ durableObjects: { GREETER: {} } }, 'durableObjects.GREETER is not a class'],
    [{ durableObjects: { A: (() => class {})() } }, 'durableObjects.A is a class without a name'],
  ])('%j', async (/** @type {any} */ options, message) => {
    await expect(createRuntime(options)).rejects.toThrow(TypeError);
    await expect(createRuntime(options)).rejects.toThrow(message);
  });

  test('two classes of one name, whose data would be one', async () => {
    const make = () => class Room extends DurableObject {};
    await expect(start({ durableObjects: { A: make(), B: make() } })).rejects.toThrow(
      'durableObjects.A and durableObjects.B are two classes named Room',
    );
  });

  test('but one class may have two bindings', async () => {
    const { env } = await start({ durableObjects: { A: Greeter, B: Greeter } });
    expect(env.A.idFromName('x').equals(env.B.idFromName('x'))).toBe(true);
  });

  test('docs/limits.md lists exactly the limits that can be set', async () => {
    const { limitDefaults } = require('../../lib/constants');
    const text = readFileSync(`${__dirname}/../../docs/limits.md`, 'utf8');
    const server = /## HTTP server[^]*?(?=\n## )/.exec(text)?.[0] ?? '';
    const sockets = /## WebSockets[^]*?(?=\n## )/.exec(text)?.[0] ?? '';
    const storage = /## Storage[^]*?(?=\n## )/.exec(text)?.[0] ?? '';
    const rows = [
      ...server.split('\n'),
      // An option of its own, and a constant.
      ...storage.split('\n').filter((row) => !/^\| `(retentionMs|k[A-Z]\w+)`/.test(row)),
      ...sockets.split('\n').filter((row) => /net::Limits/.test(row)),
    ];
    const listed = rows.flatMap((row) => /^\| `(\w+)`/.exec(row)?.[1] ?? []);
    expect(listed.sort()).toEqual(Object.keys(limitDefaults).sort());
    const { env } = await greeters({ limits: limitDefaults });
    expect(await env.GREETER.getByName('a').hello()).toBe('hello');
  });
});

describe('listen()', () => {
  test.each([-1, 65_536, 1.5, '8787'])('refuses the port %p', async (port) => {
    const runtime = await worker('export default { fetch: () => new Response() };');
    await expect(runtime.listen({ port })).rejects.toThrow('port is a whole number');
  });

  test('refuses options that it does not have', async () => {
    const runtime = await worker('export default { fetch: () => new Response() };');
    await expect(runtime.listen({ prot: 0 })).rejects.toThrow('listen() has no option prot');
  });

  test('a runtime of classes has no Worker to serve and says so', async () => {
    const runtime = await greeters();
    await expect(runtime.listen({ port: 0 })).rejects.toThrow('needs a Worker');
    await expect(runtime.fetch('http://localhost/')).rejects.toThrow('needs a Worker');
  });
});

describe('close()', () => {
  const closed = 'The runtime is closed.';

  test('nothing works after it, and says why', async () => {
    const runtime = await worker(`
      import { DurableObject } from 'cloudflare:workers';
      export class Room extends DurableObject {}
      export default { fetch: () => new Response() };
    `);
    const { ROOM } = runtime.env;
    const id = ROOM.idFromName('a');
    await runtime.close();
    await expect(runtime.fetch('http://localhost/')).rejects.toThrow(closed);
    await expect(runtime.listen({ port: 0 })).rejects.toThrow(closed);
    expect(() => ROOM.idFromName('b')).toThrow(closed);
    expect(() => ROOM.newUniqueId()).toThrow(closed);
    expect(() => ROOM.idFromString(id.toString())).toThrow(closed);
    expect(() => ROOM.getByName('c')).toThrow(closed);
    await expect(ROOM.get(id).hello()).rejects.toThrow(closed);
  });

  test('finishes the requests of fetch(), and the calls they make', async () => {
    const runtime = await worker(`
      import { DurableObject } from 'cloudflare:workers';
      export class Room extends DurableObject {
        async slow() {
          await new Promise((resolve) => setTimeout(resolve, 50));
          return 'finished';
        }
      }
      export default { fetch: async (_, env) => new Response(await env.ROOM.getByName('a').slow()) };
    `);
    const response = runtime.fetch('http://localhost/');
    await runtime.close();
    expect(await (await response).text()).toBe('finished');
  });

  test('waits no longer than limits.drainTimeoutMs for them', async () => {
    const runtime = await worker('export default { fetch: () => new Promise(() => {}) };', {
      limits: { drainTimeoutMs: 20 },
    });
    void runtime.fetch('http://localhost/');
    await runtime.close();
  });

  test('S1.11.2 waits for what objects gave to waitUntil(), but not for that of a broken one', async () => {
    let isDone = false;
    class Background extends DurableObject {
      work() {
        const done = new Promise((resolve) => setTimeout(resolve, 50));
        this.ctx.waitUntil(done.then(() => (isDone = true)));
      }

      workAndBreak() {
        this.ctx.waitUntil(new Promise(() => {}));
        this.ctx.abort('broken');
      }
    }
    const runtime = await start({ durableObjects: { BACKGROUND: Background } });
    await runtime.env.BACKGROUND.getByName('a').work();
    await expect(runtime.env.BACKGROUND.getByName('b').workAndBreak()).rejects.toThrow('broken');
    await runtime.close();
    expect(isDone).toBe(true);
  });
});

test('S2.7.5 what the timer of an object throws is reported, and the process goes on', async () => {
  const report = jest.spyOn(console, 'error').mockImplementation(() => {});
  try {
    class Timed extends DurableObject {
      fail() {
        return new Promise((resolve) => {
          setTimeout(resolve, 1);
          setTimeout(() => {
            throw new Error('of a timer');
          }, 1);
        });
      }
      hello() {
        return new Promise((resolve) => setTimeout(resolve, 1, 'hello'));
      }
    }
    const { env } = await start({ durableObjects: { TIMED: Timed } });
    await env.TIMED.getByName('a').fail();
    expect(await env.TIMED.getByName('a').hello()).toBe('hello');
    expect(report).toHaveBeenCalledWith(expect.stringContaining('Uncaught Error: of a timer'));
  } finally {
    report.mockRestore();
  }
});

test('the report of an error that crossed objects says where it was thrown', async () => {
  const runtime = await worker(`
    import { DurableObject } from 'cloudflare:workers';
    export class Room extends DurableObject {
      outer() { return this.env.ROOM.getByName('b').inner(); }
      inner() { throw new RangeError('deep inside'); }
      object() { throw { code: 42 }; }
      hostile() { throw new Proxy({}, { get() { throw new Error('trap'); } }); }
    }
    export default {
      fetch: (request, env) => env.ROOM.getByName('a')[new URL(request.url).pathname.slice(1)](),
    };
  `);
  const { url } = await runtime.listen({ port: 0 });
  const report = jest.spyOn(console, 'error').mockImplementation(() => {});
  try {
    expect((await fetch(`${url}/outer`)).status).toBe(500);
    expect(report).toHaveBeenLastCalledWith(
      expect.stringMatching(/^Uncaught RangeError: deep inside\n[^]*worker\.mjs:5:/),
    );
    expect((await fetch(`${url}/object`)).status).toBe(500);
    expect(report).toHaveBeenLastCalledWith(
      expect.stringMatching(/^Uncaught \{\s+code: 42,\s+durableObjectId: '[0-9a-f]{64}'\s+\}$/),
    );
    expect((await fetch(`${url}/hostile`)).status).toBe(500);
    expect(report).toHaveBeenCalledTimes(3);
  } finally {
    report.mockRestore();
  }
});

describe('S8.1.7 bindings of the caller', () => {
  const AI = { run: (/** @type {string} */ model) => `ran ${model}` };
  const config = {
    name: 'app',
    main: 'index.js',
    compatibility_date: '2026-08-25',
    ai: { binding: 'AI' },
    browser: { binding: 'BROWSER' },
    services: [{ binding: 'OTHER', service: 'other' }],
    durable_objects: {
      bindings: [
        { name: 'ROOM', class_name: 'Room' },
        { name: 'FAR', class_name: 'Far', script_name: 'other' },
      ],
    },
    migrations: [{ tag: 'v1', new_sqlite_classes: ['Room'] }],
  };
  const source = `
    import { DurableObject, env } from 'cloudflare:workers';
    const early = env.AI.run('early');
    export class Room extends DurableObject {
      run(name) { return this.env.AI.run(name); }
    }
    export default {
      async fetch(request, { AI, ROOM, [new URL(request.url).pathname.slice(1)]: other }) {
        try {
          if (other) return new Response(await (other.fetch ?? other.getByName('x').fetch)('https://x/'));
          return new Response([early, AI.run('worker'), await ROOM.getByName('a').run('object')].join());
        } catch (error) {
          return new Response(error.message);
        }
      },
    };`;
  const given = (/** @type {object} */ bindings) =>
    start({ config: makeProject({ 'wrangler.json': config, 'index.js': source }), bindings });
  /** @param {any} runtime @param {string} binding */
  const use = async (runtime, binding) => (await runtime.fetch(`https://x/${binding}`)).text();

  test('are on env, at the top level, in the Worker and in objects', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const runtime = await given({ AI });
    expect(await use(runtime, '')).toBe('ran early,ran worker,ran object');
    expect(runtime.env.AI).toBe(AI);
    expect(warn.mock.calls.flat()).toEqual([
      'warning: These bindings are not supported yet and throw when used: browser (env.BROWSER).',
      'warning: env.FAR (durable_objects) throws when used: the Worker "other" does not run in this process.',
      'warning: env.OTHER (services) throws when used: the Worker "other" does not run in this process.',
    ]);
    warn.mockRestore();
  });

  test('without them use says what is missing', async () => {
    const warn = jest.spyOn(console, 'warn').mockImplementation(() => {});
    const runtime = await given({ AI });
    for (const [name, text] of [
      [
        'BROWSER',
        'env.BROWSER (browser) cannot be used: holdfast does not have Browser Rendering.',
      ],
      [
        'OTHER',
        'env.OTHER (services) cannot be used: the Worker "other" does not run in this process.',
      ],
      [
        'FAR',
        'env.FAR (durable_objects) cannot be used: the Worker "other" does not run in this process.',
      ],
    ]) {
      expect(await use(runtime, name)).toContain(text);
    }
    warn.mockRestore();
  });

  test('take the place of services and namespaces, and are there for classes', async () => {
    const service = { fetch: async () => new Response('mine') };
    const runtime = await given({
      AI,
      BROWSER: service,
      OTHER: service,
      FAR: service,
      ROOM: service,
    });
    expect(await use(runtime, 'OTHER')).toBe('[object Response]');
    expect(runtime.env.ROOM).toBe(service);
    const own = await greeters({ bindings: { AI } });
    expect(own.env.AI).toBe(AI);
  });
});
