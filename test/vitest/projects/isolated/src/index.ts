import { DurableObject } from 'cloudflare:workers';
import { prefix } from './prefix';
import schema from './schema.sql';

export class Notes extends DurableObject {
  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    ctx.storage.sql.exec(schema.replace('TABLE', 'TABLE IF NOT EXISTS'));
  }

  add(text: string): void {
    this.ctx.storage.sql.exec('INSERT INTO note VALUES (?)', text);
  }

  list(): string[] {
    return [...this.ctx.storage.sql.exec('SELECT text FROM note ORDER BY rowid')].map(({ text }) =>
      String(text),
    );
  }

  alarm(): void {
    this.add(`alarm at ${Date.now()}`);
  }

  fail(): void {
    throw new RangeError('as the test expects');
  }

  async later(ms: number): Promise<string> {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return 'later';
  }
}

export default {
  fetch: () => new Response(`${prefix()} answer`),
};
