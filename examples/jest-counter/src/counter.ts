import { DurableObject } from 'cloudflare:workers';

export interface Env {
  COUNTER: DurableObjectNamespace<Counter>;
  KEEP_HOURS: string;
  NAMES: {
    get(key: string): Promise<string | null>;
    put(key: string, value: string): Promise<void>;
  };
}

/** Counts, and forgets the count when nobody has counted for a while. */
export class Counter extends DurableObject<Env> {
  /** How often it was called since it came into memory. */
  calls = 0;

  async increment(by = 1): Promise<number> {
    if (!Number.isInteger(by)) throw new RangeError(`Cannot count ${by}.`);
    this.calls += 1;
    const count = ((await this.ctx.storage.get<number>('count')) ?? 0) + by;
    await this.ctx.storage.put('count', count);
    await this.ctx.storage.setAlarm(Date.now() + Number(this.env.KEEP_HOURS) * 3_600_000);
    return count;
  }

  async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }
}
