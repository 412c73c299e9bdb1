// Several Workers in one process: services and classes of one another, and classes that move between them (S7.7.2, S8.3, S8.4.7).
'use strict';

const path = require('node:path');
const { createRuntime } = require('../support/runtime');
const { makeProject, removeProjects, writeFiles } = require('../support/project-files');

/** @type {any[]} */
const open = [];

/** @param {any} options */
async function start(options) {
  const runtime = await createRuntime(options);
  open.push(runtime);
  return runtime;
}

beforeEach(() => jest.spyOn(console, 'warn').mockImplementation(() => {}));
afterEach(async () => {
  jest.restoreAllMocks();
  await Promise.all(open.splice(0).map((runtime) => runtime.close()));
});
afterAll(removeProjects);

const base = { main: 'index.js', compatibility_date: '2026-08-25' };
const room = { bindings: [{ name: 'ROOM', class_name: 'Room' }] };
const far = { bindings: [{ name: 'ROOM', class_name: 'Room', script_name: 'rooms' }] };
const migrations = [{ tag: 'v1', new_sqlite_classes: ['Room'] }];

/** @param {string} name */
const classSource = (name) => `
  import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
  export class ${name} extends DurableObject {
    async add(word) {
      const words = [...((await this.ctx.storage.get('words')) ?? []), word];
      await this.ctx.storage.put('words', words);
      return [this.env.NAME, this.constructor.name, ...words].join(' ');
    }
  }
  export class Admin extends WorkerEntrypoint {
    greet(who) { return \`\${this.env.NAME} greets \${who} as \${this.ctx.props.role}\`; }
  }
  export default { fetch: async (request, env) => new Response(env.NAME + ' ' + (await env.ROOM?.getByName('a').add('own'))) };`;
const GATEWAY = `
  import { env } from 'cloudflare:workers';
  const early = typeof env.ADMIN?.greet;
  export default {
    async fetch(request, env) {
      const part = new URL(request.url).pathname.slice(1);
      if (part === 'early') return new Response(early);
      if (part === 'service') return env.ROOMS.fetch(request);
      if (part === 'rpc') return new Response(await env.ADMIN.greet('you'));
      return new Response(await env.ROOM.getByName('a').add(part));
    },
  };`;

const files = () => ({
  'rooms/wrangler.json': {
    ...base,
    name: 'rooms',
    vars: { NAME: 'rooms' },
    durable_objects: room,
    migrations,
  },
  'rooms/index.js': classSource('Room'),
  'gateway/wrangler.json': {
    ...base,
    name: 'gateway',
    vars: { NAME: 'gateway' },
    durable_objects: far,
    services: [
      { binding: 'ROOMS', service: 'rooms' },
      { binding: 'ADMIN', service: 'rooms', entrypoint: 'Admin', props: { role: 'root' } },
    ],
  },
  'gateway/index.js': GATEWAY,
});

/** @param {string} directory @param {string[]} names */
const configs = (directory, ...names) => names.map((name) => path.join(directory, name));

/** @param {any} runtime @param {string} part */
const ask = async (runtime, part) => (await runtime.fetch(`https://x/${part}`)).text();

test('S7.7.2, S8.3.1 services and classes of another Worker, whichever is named first', async () => {
  const directory = makeProject(files());
  const runtime = await start({ config: configs(directory, 'gateway', 'rooms') });
  expect(console.warn).not.toHaveBeenCalled();
  expect(await ask(runtime, 'early')).toBe('function');
  expect(await ask(runtime, 'one')).toBe('rooms Room one');
  expect(await ask(runtime, 'service')).toBe('rooms rooms Room one own');
  expect(await ask(runtime, 'rpc')).toBe('rooms greets you as root');
  // An object of one Worker has that Worker's env, and ids are those of the Worker that has the class.
  const other = await start({ config: configs(directory, 'rooms', 'gateway') });
  expect(other.env.ROOM.idFromName('a').toString()).toBe(
    runtime.env.ROOM.idFromName('a').toString(),
  );
  expect(await ask(other, '')).toBe('rooms rooms Room own');
});

test('variables of the caller are those of the first', async () => {
  const config = configs(makeProject(files()), 'gateway', 'rooms');
  const runtime = await start({ config, vars: { NAME: 'caller' } });
  expect(runtime.env.NAME).toBe('caller');
  expect(await ask(runtime, 'one')).toBe('rooms Room one');
});

describe('what is not there', () => {
  /** @param {object} changed */
  const starting = (changed) => {
    const directory = makeProject({ ...files(), ...changed });
    return start({ config: configs(directory, 'gateway', 'rooms') });
  };
  const gateway = files()['gateway/wrangler.json'];

  test('S1.10.6 a class that the other Worker does not define', async () => {
    const durable_objects = {
      bindings: [{ name: 'ROOM', class_name: 'Hall', script_name: 'rooms' }],
    };
    await expect(
      starting({ 'gateway/wrangler.json': { ...gateway, durable_objects } }),
    ).rejects.toThrow(
      'The binding ROOM refers to a Durable Object namespace named "Hall", but no such Durable Object namespace is defined by the Worker "rooms".',
    );
  });

  test('an entrypoint that the other Worker does not export', async () => {
    const services = [{ binding: 'X', service: 'rooms', entrypoint: 'Nobody' }];
    await expect(starting({ 'gateway/wrangler.json': { ...gateway, services } })).rejects.toThrow(
      'The binding X refers to the entrypoint "Nobody", which the Worker "rooms" does not export.',
    );
  });

  test('two Workers of one name', async () => {
    const changed = {
      'gateway/wrangler.json': { ...gateway, name: 'rooms', services: [], durable_objects: {} },
    };
    await expect(starting(changed)).rejects.toThrow('Two Workers are called "rooms"');
  });

  test('an empty list', async () => {
    await expect(start({ config: [] })).rejects.toThrow('config is an empty list');
  });
});

describe('S8.4.7 a class that is transferred', () => {
  const transfer = [
    { tag: 'v1', transferred_classes: [{ from: 'Room', from_script: 'rooms', to: 'Hall' }] },
  ];
  const halls = {
    'halls/wrangler.json': {
      ...base,
      name: 'halls',
      vars: { NAME: 'halls' },
      durable_objects: { bindings: [{ name: 'ROOM', class_name: 'Hall' }] },
      migrations: transfer,
    },
    'halls/index.js': classSource('Hall'),
  };

  test('takes its data along, and bindings to the old place lead to the new one', async () => {
    const directory = makeProject({ ...files(), ...halls });
    const dataDir = path.join(directory, 'data');
    const run = async (/** @type {string[]} */ names, /** @type {string} */ part) => {
      const runtime = await createRuntime({ config: configs(directory, ...names), dataDir });
      try {
        return await ask(runtime, part);
      } finally {
        await runtime.close();
      }
    };
    expect(await run(['gateway', 'rooms'], 'one')).toBe('rooms Room one');
    expect(await run(['halls'], '')).toBe('halls halls Hall one own');
    expect(await run(['gateway', 'rooms', 'halls'], 'two')).toBe('halls Hall one own two');
    // Its former owner has code for it, and still does not get it back.
    writeFiles(directory, { 'rooms/index.js': classSource('Room') });
    expect(await run(['rooms', 'halls'], '')).toBe('rooms halls Hall one own two own');
  });
});

describe('S8.4.6 a class that is deleted', () => {
  const config = { ...base, name: 'rooms', vars: { NAME: 'rooms' } };
  const gone = [...migrations, { tag: 'v2', deleted_classes: ['Room'] }];

  test('needs leave when something is stored, and none when nothing is', async () => {
    const directory = makeProject({
      'wrangler.json': { ...config, durable_objects: room, migrations },
      'index.js': classSource('Room'),
    });
    const options = { config: directory, dataDir: path.join(directory, 'data') };
    const first = await createRuntime(options);
    await ask(first, '');
    await first.close();
    writeFiles(directory, { 'wrangler.json': { ...config, migrations: gone } });
    await expect(createRuntime(options)).rejects.toThrow(
      'The migrations of rooms delete Room with everything that its objects stored. To confirm, start with --delete-classes (createRuntime({ deleteClasses: true })).',
    );
    const second = await createRuntime({ ...options, deleteClasses: true });
    await second.close();
    // S8.4.8: what is recorded cannot be lost; a list that replaces it can be adopted.
    writeFiles(directory, { 'wrangler.json': { ...config, migrations: [] } });
    await expect(createRuntime(options)).rejects.toThrow('"v1", "v2" are missing.');
    await (await createRuntime({ ...options, adoptMigrations: true })).close();
    await (await createRuntime(options)).close();
    const elsewhere = { ...options, dataDir: path.join(directory, 'other') };
    writeFiles(directory, { 'wrangler.json': { ...config, durable_objects: room, migrations } });
    await (await createRuntime(elsewhere)).close();
    writeFiles(directory, { 'wrangler.json': { ...config, migrations: gone } });
    await (await createRuntime(elsewhere)).close();
  });
});
