// A host program and a Worker's objects in one project that has @cloudflare/workers-types.
import { DurableObject } from 'cloudflare:workers';
import { createRuntime } from 'holdfast';

interface Env {
  COUNTER: DurableObjectNamespace<Counter>;
}

export class Counter extends DurableObject<Env> {
  async increment(by: number): Promise<number> {
    const count = ((await this.ctx.storage.get<number>('count')) ?? 0) + by;
    await this.ctx.storage.put('count', count);
    return count;
  }
}

const runtime = await createRuntime({ durableObjects: { COUNTER: Counter } });
const count: number = await runtime.env.COUNTER.getByName('a').increment(1);
// @ts-expect-error it takes a number
await runtime.env.COUNTER.getByName('a').increment('1');
const response: Response = await runtime.fetch('http://localhost/');
export { count, response };

export default {
  fetch: async (_request, env) => Response.json(await env.COUNTER.getByName('a').increment(1)),
} satisfies ExportedHandler<Env>;
