// A Worker as wrangler types describes it.
import { DurableObject } from 'cloudflare:workers';
export class Counter extends DurableObject<Env> {
  async increment(by: number): Promise<number> {
    const count = ((await this.ctx.storage.get<number>('count')) ?? 0) + by;
    await this.ctx.storage.put('count', count);
    return count;
  }
}
export default {
  fetch: async (_request, env) =>
    Response.json([env.NAME, await env.COUNTER.getByName('a').increment(1)]),
} satisfies ExportedHandler<Env>;
