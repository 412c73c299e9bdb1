// A program of Node that nobody bundles: `node --import holdfast/register registered-program.mjs`. It prints what it found, as JSON.
import { createRequire } from 'node:module';
import { DurableObject, env, exports, WorkerEntrypoint } from 'cloudflare:workers';
import { EmailMessage } from 'cloudflare:email';

const require = createRequire(import.meta.url);
const { createRuntime } = require(process.argv[2] ?? '../..');
const own = { Response, fetch, setTimeout };

class Room extends DurableObject {
  async count() {
    const count = ((await this.ctx.storage.get('count')) ?? 0) + 1;
    await this.ctx.storage.put('count', count);
    return count;
  }
}

const early = Object.keys(env);
const runtime = await createRuntime({ durableObjects: { ROOM: Room }, vars: { NAME: 'n' } });
await env.ROOM.getByName('a').count();
const unknown = await import('cloudflare:nothing').catch((error) => error.message);
console.log(
  JSON.stringify({
    early,
    count: await env.ROOM.getByName('a').count(),
    name: env.NAME,
    exports: Object.keys(exports),
    types: [typeof WorkerEntrypoint, typeof EmailMessage],
    required: require('cloudflare:workers').DurableObject === DurableObject,
    unknown,
    isOwn: Object.entries(own).every(([name, value]) => globalThis[name] === value),
  }),
);
await runtime.close();
