import { DurableObject } from 'cloudflare:workers';
import { attempt, show } from '../probe.js';

/** How calls ended that take longer than a client of this suite waits. */
const outcomes = new Map();

const plans = {
  timer: (self) => self.section(() => scheduler.wait(60_000)),
  never: (self) => self.section(() => new Promise(() => {})),
  outside: (self) => {
    const outside = scheduler.wait(10);
    return self.section(() => outside);
  },
  'many-short-waits': (self) =>
    self.section(async () => {
      for (;;) await scheduler.wait(500);
    }),
  nested: (self) => self.section(() => self.section(() => scheduler.wait(60_000))),
  constructor: () => 'never called',
};

export class Limited extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    if (ctx.id.name === 'constructor') this.section(() => scheduler.wait(60_000));
  }

  section(callback) {
    return this.ctx.blockConcurrencyWhile(callback);
  }

  run() {
    return plans[this.ctx.id.name](this);
  }

  hello() {
    return 'hello';
  }
}

export default {
  fetch(request, env, ctx) {
    const [, name, action] = new URL(request.url).pathname.split('/');
    if (action === 'start') {
      const stub = env.LIMITED.getByName(name);
      const keep = async (key, call) => outcomes.set(key, await attempt(call));
      ctx.waitUntil(keep(name, () => stub.run()));
      ctx.waitUntil(scheduler.wait(100).then(() => keep(`${name}, waiting`, () => stub.hello())));
      return new Response('started');
    }
    return new Response(show([outcomes.get(name), outcomes.get(`${name}, waiting`)]));
  },
};
