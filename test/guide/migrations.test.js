// The guide's section 7: a class is created, renamed and deleted, and stored data follows (S8.4).
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { startServer, temporaryDirectory } = require('../support/server.js');

/** The guide's block: creates MyDurableObject with tag v1. */
const NEW_CLASS = fs.readFileSync(
  path.join(__dirname, 'blocks', '09-new-class-migration.toml'),
  'utf8',
);
const RENAME =
  '[[migrations]]\ntag = "v2"\nrenamed_classes = [{ from = "MyDurableObject", to = "Renamed" }]\n';
const DELETE = '[[migrations]]\ntag = "v3"\ndeleted_classes = ["Renamed"]\n';
const NEW_AGAIN = '[[migrations]]\ntag = "v4"\nnew_sqlite_classes = ["Renamed"]\n';

const HEAD = 'name = "migrated"\nmain = "index.js"\ncompatibility_date = "2026-08-25"\n';

/** @param {string} className */
const bindingOf = (className) =>
  `[[durable_objects.bindings]]\nname = "OBJECT"\nclass_name = "${className}"\n`;

/** @param {string} className */
const programOf = (className) => `
import { DurableObject } from 'cloudflare:workers';

export class ${className} extends DurableObject {
  async put(value) {
    await this.ctx.storage.put('value', value);
    this.ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS words (word TEXT)');
    this.ctx.storage.sql.exec('INSERT INTO words VALUES (?)', value);
  }
  async read() {
    const tables = this.ctx.storage.sql
      .exec("SELECT count(*) AS n FROM sqlite_master WHERE name = 'words'").one().n;
    const words = tables === 0 ? [] : this.ctx.storage.sql
      .exec('SELECT word FROM words').toArray().map((row) => row.word);
    return {
      className: this.constructor.name,
      id: this.ctx.id.toString(),
      value: (await this.ctx.storage.get('value')) ?? null,
      words,
    };
  }
}

export default {
  async fetch(request, env) {
    const value = new URL(request.url).searchParams.get('put');
    const stub = env.OBJECT.getByName('a');
    if (value !== null) await stub.put(value);
    return Response.json(await stub.read());
  },
};
`;

const programWithoutObjects = `
export default { fetch: (request, env) => Response.json({ bound: 'OBJECT' in env }) };
`;

describe('migrations', () => {
  const project = temporaryDirectory('migrations');
  const dataDirectory = temporaryDirectory('migrations-data');

  /**
   * Deploys: writes the project, starts it, asks it one thing, stops it.
   * @param {string[]} config @param {string} program @param {string} [query] @param {string[]} [flags]
   */
  async function deploy(config, program, query = '', flags = []) {
    fs.writeFileSync(path.join(project, 'wrangler.toml'), [HEAD, ...config].join('\n'));
    fs.writeFileSync(path.join(project, 'index.js'), program);
    const server = await startServer({ project, args: ['--data-dir', dataDirectory, ...flags] });
    try {
      const response = await fetch(`${server.url}/${query}`);
      const body = await response.text();
      expect({ status: response.status, body }).toMatchObject({ status: 200 });
      return JSON.parse(body);
    } finally {
      await server.stop();
    }
  }

  test('a class is created, renamed with its data, deleted with it, and created anew', async () => {
    const created = await deploy(
      [bindingOf('MyDurableObject'), NEW_CLASS],
      programOf('MyDurableObject'),
      '?put=kept',
    );
    expect(created).toMatchObject({
      className: 'MyDurableObject',
      value: 'kept',
      words: ['kept'],
    });

    // S8.4.5: the same namespace, ids and data, now served by the other class.
    const renamed = { ...created, className: 'Renamed' };
    const afterRename = [bindingOf('Renamed'), NEW_CLASS, RENAME];
    expect(await deploy(afterRename, programOf('Renamed'))).toEqual(renamed);
    // S8.4.8: what was applied is not applied again.
    expect(await deploy(afterRename, programOf('Renamed'))).toEqual(renamed);

    // S8.4.6: the class goes with all its data, when that is confirmed.
    const afterDelete = [NEW_CLASS, RENAME, DELETE];
    await expect(deploy(afterDelete, programWithoutObjects)).rejects.toThrow(
      'The migrations of migrated delete Renamed with everything that its objects stored.',
    );
    expect(await deploy(afterRename, programOf('Renamed'))).toEqual(renamed);
    expect(await deploy(afterDelete, programWithoutObjects, '', ['--delete-classes'])).toEqual({
      bound: false,
    });

    const createdAnew = [bindingOf('Renamed'), ...afterDelete, NEW_AGAIN];
    expect(await deploy(createdAnew, programOf('Renamed'))).toMatchObject({
      className: 'Renamed',
      value: null,
      words: [],
    });
  }, 120_000);
});
