import { DurableObject } from 'cloudflare:workers';

interface Env {
  SEATS: number;
  TURNSTILE: DurableObjectNamespace<Turnstile>;
}

const HOUR = 3_600_000;

/** Lets people in while there are seats; who does not leave has an hour. */
export class Turnstile extends DurableObject<Env> {
  async enter(name: string): Promise<boolean> {
    const inside = await this.ctx.storage.list<number>();
    if (inside.size >= this.env.SEATS) return false;
    await this.ctx.storage.put(name, Date.now() + HOUR);
    if ((await this.ctx.storage.getAlarm()) === null)
      await this.ctx.storage.setAlarm(Date.now() + HOUR);
    return true;
  }

  async alarm(): Promise<void> {
    const inside = await this.ctx.storage.list<number>();
    const late = [...inside].filter(([, until]) => until <= Date.now());
    await this.ctx.storage.delete(late.map(([name]) => name));
    const next = Math.min(...[...inside.values()].filter((until) => until > Date.now()));
    if (next < Infinity) await this.ctx.storage.setAlarm(next);
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const [, hall, name] = new URL(request.url).pathname.split('/');
    const isIn = await env.TURNSTILE.getByName(hall).enter(name);
    return new Response(isIn ? 'welcome' : 'full', { status: isIn ? 200 : 503 });
  },
};
