import { DurableObject } from 'cloudflare:workers';
import { greeting } from './greeting';

interface Env {
  GREETING: string;
  COUNTER: DurableObjectNamespace<Counter>;
}

export class Counter extends DurableObject<Env> {
  async increment(by = 1): Promise<number> {
    const count = ((await this.ctx.storage.get<number>('count')) ?? 0) + by;
    await this.ctx.storage.put('count', count);
    return count;
  }
  fail(): never {
    throw new RangeError('too far');
  }
  map() {
    return new Map([['a', new Uint8Array([1, 2])]]);
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    return new Response(`${greeting(env)} ${await env.COUNTER.getByName(pathname).increment()}`);
  },
};

export function unused(flag: boolean): string {
  if (flag) return 'a';
  return 'b';
}
