import { DurableObject } from 'cloudflare:workers';
import { show } from '../probe.js';

/** Writes with every API, then tells after a restart what is there. */
export class Keeper extends DurableObject {
  memory = 'fresh';

  async fetch(request) {
    const { storage } = this.ctx;
    switch (new URL(request.url).pathname) {
      case '/write':
        this.memory = 'written';
        await storage.put({ a: 1, map: new Map([[1, new Date(5)]]), gone: true });
        await storage.delete('gone');
        storage.kv.put('sync', [10n]);
        storage.sql.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v)');
        storage.sql.exec('INSERT INTO t (v) VALUES (?), (?)', 'text', new Uint8Array([1, 2]));
        break;
      case '/alarm-soon':
        await storage.setAlarm(Date.now() + 1_500);
        break;
      case '/alarm-late':
        await storage.setAlarm(Date.UTC(2150, 0));
        break;
      case '/wipe':
        await storage.deleteAll();
        break;
    }
    return new Response(await this.#state());
  }

  async alarm({ retryCount }) {
    await this.ctx.storage.put('alarm', `ran, ${retryCount}, ${this.ctx.id.name}`);
  }

  async #state() {
    const { storage } = this.ctx;
    const tables = storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 't'").toArray();
    return show({
      memory: this.memory,
      name: this.ctx.id.name,
      entries: await storage.list(),
      rows: tables.length > 0 ? storage.sql.exec('SELECT * FROM t').toArray() : 'no table',
      alarm: await storage
        .getAlarm()
        .then((time) => (time === Date.UTC(2150, 0) ? 'late' : typeof time)),
    });
  }
}

export default {
  fetch(request, env) {
    return env.KEEPER.getByName(new URL(request.url).search).fetch(request);
  },
};
