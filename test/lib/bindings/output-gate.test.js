// What an object asks of a binding waits for its writes, and is lost with them (S2.6.2, S2.6.6).
'use strict';

const { createRuntime, serviceOf } = require('../../support/runtime');
const { makeProject, removeProjects } = require('../../support/project-files');

const source = `
  import { DurableObject } from 'cloudflare:workers';
  let messages = [];
  export class Asks extends DurableObject {
    #sql = this.ctx.storage.sql;
    async violate() {
      this.#sql.exec('CREATE TABLE a (id INTEGER PRIMARY KEY)');
      this.#sql.exec('CREATE TABLE b (a INTEGER REFERENCES a DEFERRABLE INITIALLY DEFERRED)');
      this.#sql.exec('INSERT INTO b VALUES (1)');
      this.ask('lost');
    }
    ask(text) {
      const { KV, QUEUE, MAIL, FUNCTION } = this.env;
      const mail = { from: 'a@a.test', to: 'b@b.test', subject: text, text };
      const asked = [
        KV.put(text, text),
        QUEUE.send(text),
        QUEUE.sendBatch([{ body: text + ' too' }]),
        MAIL.send(mail),
        FUNCTION.fetch('http://x/' + text),
      ];
      return Promise.allSettled(asked).then((all) => all.map(({ status }) => status));
    }
  }
  export default {
    queue: (batch) => void messages.push(...batch.messages.map(({ body }) => body)),
    async fetch(request, { ASKS, KV }) {
      const lost = await ASKS.getByName('lost').violate().catch(({ message }) => message);
      const kept = await ASKS.getByName('kept').ask('kept');
      while (messages.length < 2) await scheduler.wait(5);
      return Response.json({ lost, kept, messages, values: [await KV.get('lost'), await KV.get('kept')] });
    },
  };`;

afterAll(removeProjects);

test('S2.6.2 S2.6.6 KV, queues, mail and functions hear nothing of a write that is lost', async () => {
  const config = makeProject({
    'wrangler.json': {
      name: 'asks',
      main: 'index.js',
      compatibility_date: '2026-08-25',
      durable_objects: { bindings: [{ name: 'ASKS', class_name: 'Asks' }] },
      migrations: [{ tag: 'v1', new_sqlite_classes: ['Asks'] }],
      send_email: [{ name: 'MAIL' }],
      kv_namespaces: [{ binding: 'KV', id: 'kv' }],
      queues: {
        producers: [{ binding: 'QUEUE', queue: 'q' }],
        consumers: [{ queue: 'q', max_batch_size: 2, max_batch_timeout: 0 }],
      },
    },
    'index.js': source,
  });
  /** @type {string[]} */
  const heard = [];
  const runtime = await createRuntime({
    config,
    mail: {
      deliver: ({ raw }) => heard.push(/Subject: (.*)/.exec(`${Buffer.from(raw)}`)?.[1] ?? ''),
    },
    bindings: {
      FUNCTION: serviceOf(({ url }) => {
        heard.push(url);
        return new Response();
      }),
    },
  });
  try {
    const { lost, ...rest } = await (await runtime.fetch('https://x/')).json();
    expect(lost).toMatch('FOREIGN KEY constraint failed');
    expect(rest).toEqual({
      kept: Array(5).fill('fulfilled'),
      messages: ['kept', 'kept too'],
      values: [null, 'kept'],
    });
    expect(heard.sort()).toEqual(['http://x/kept', 'kept']);
  } finally {
    await runtime.close();
  }
});
