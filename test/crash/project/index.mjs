// What the crash tests kill: objects that keep one number, twice, and an alarm; and those of mixed.mjs.
import { DurableObject } from 'cloudflare:workers';

export { Mixed } from './mixed.mjs';

export class Ledger extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS puts (value INTEGER PRIMARY KEY)');
  }

  // Two writes of one turn: after any crash both are there or neither is (S12.2).
  async put(value) {
    this.ctx.storage.sql.exec('INSERT INTO puts (value) VALUES (?)', value);
    await this.ctx.storage.put('value', value);
  }

  async read() {
    const { highest, rows } = this.ctx.storage.sql
      .exec('SELECT max(value) AS highest, count(*) AS rows FROM puts')
      .one();
    return {
      value: (await this.ctx.storage.get('value')) ?? 0,
      highest: highest ?? 0,
      rows,
      alarm: await this.ctx.storage.getAlarm(),
    };
  }

  async setAlarm(at) {
    await this.ctx.storage.setAlarm(at);
  }

  alarm() {
    console.log(`alarm of ${this.ctx.id.name}`);
  }
}

export default {
  async fetch(request, env) {
    const [, action, name, number] = new URL(request.url).pathname.split('/');
    if (action === 'mixed') return answerMixed(request, env.MIXED.getByName(name));
    const ledger = env.LEDGER.getByName(name);
    if (action === 'put') await ledger.put(Number(number));
    else if (action === 'alarm') await ledger.setAlarm(Number(number));
    return Response.json(await (action === 'read' ? ledger.read() : null));
  },
};

async function answerMixed(request, object) {
  if (request.method === 'GET') return Response.json(await object.read());
  await object.perform(await request.json());
  return new Response('done');
}
