import { answer, attempt } from '../probe.js';

const probes = {
  'stub-shape'({ OLD }) {
    const stub = OLD.getByName('old');
    return [
      typeof stub.increment,
      'increment' in stub,
      typeof stub.fetch,
      typeof stub.get,
      typeof stub.put,
    ];
  },
  async fetch({ OLD }) {
    const stub = OLD.getByName('old');
    return [
      await (await stub.fetch('http://do/a')).text(),
      await (await stub.fetch('http://do/b')).text(),
    ];
  },
  async 'get-put-delete'({ OLD }) {
    const stub = OLD.getByName('verbs');
    return [
      await stub.get('http://do/x'),
      await attempt(() => stub.put('http://do/x', 'body')),
      await attempt(() => stub.delete('http://do/x')),
    ];
  },
};

/** A class as it was written before `cloudflare:workers`. */
export class Old {
  constructor(state, env) {
    this.state = state;
    this.storage = state.storage;
    this.env = env;
    this.initialised = state.blockConcurrencyWhile(async () => {
      this.count = (await this.storage.get('count')) ?? 0;
    });
  }

  increment() {
    return 'not reachable';
  }

  async fetch(request) {
    const { pathname } = new URL(request.url);
    this.count++;
    await this.storage.put('count', this.count);
    return new Response(`${request.method} ${pathname} ${this.count} ${await request.text()}`);
  }
}

export default {
  fetch(request, env, ctx) {
    const exported = ['exports' in ctx, ctx.exports];
    return answer({ ...probes, exports: () => exported }, request, env);
  },
};
