// Compiled, never run.
import { DurableObject } from 'cloudflare:workers';
import {
  connectWebSocket,
  evictDurableObject,
  fetchMock,
  receiveEmail,
  runInDurableObject,
  sentEmails,
} from 'cloudflare:test';
import { createTestHarness, createTestKit } from 'holdfast/test';

declare function is<T>(value: T): void;

class Counter extends DurableObject {
  inMemory = 0;
  async increment() {
    return 1;
  }
}
declare const namespace: DurableObjectNamespace<Counter>;

export async function helpers() {
  const stub = namespace.getByName('a');
  is<number>(await runInDurableObject(stub, (instance) => instance.inMemory));
  is<string>(await runInDurableObject(stub, async (_instance, state) => state.id.toString()));
  // @ts-expect-error the instance has no such property
  await runInDurableObject(stub, (instance) => instance.missing);
  await evictDurableObject(stub, { webSockets: 'close' });
  // @ts-expect-error there is no such way
  await evictDurableObject(stub, { webSockets: 'keep' });
  const client = await connectWebSocket(stub);
  is<number>((await client.closed).code);
  const received = await receiveEmail({ from: 'a@a.test', to: 'b@b.test', raw: 'x' });
  is<string | undefined>(received.rejectReason);
  is<string[] | undefined>((await sentEmails())[0]?.to);
  fetchMock.get('https://example.com').intercept({ path: /x/ }).reply(200, { a: 1 }).persist();
}

export async function kits() {
  await using kit = await createTestKit({ durableObjects: { COUNTER: Counter } });
  is<number>(await kit.env.COUNTER.getByName('a').increment());
  await kit.enter();
  await kit.leave('name');
  // @ts-expect-error data is in memory
  await createTestKit({ dataDir: 'data' });
  const server = createTestHarness({ workers: [{ configPath: './wrangler.jsonc' }] });
  const { url } = await server.listen();
  is<string>(url.href);
  is<string>((await server.getWorker().scheduled({ cron: '* * * * *' })).outcome);
}
