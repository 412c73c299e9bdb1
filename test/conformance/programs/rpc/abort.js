import { RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

let disposed = 0;

class Counter extends RpcTarget {
  [Symbol.dispose]() {
    disposed += 1;
  }
}

const probes = {
  reason: ({ Service }) => attempt(() => Service.abort(new RangeError('given'))),
  'no-reason': ({ Service }) => attempt(() => Service.abort()),
  properties: ({ Service }) =>
    attempt(() => Service.abort(Object.assign(new TypeError('own'), { own: 1 }))),
  async 'other-calls'({ Service }) {
    const session = await Service.open();
    const hanging = attempt(() => session.hang());
    return [
      await attempt(() => session.abort()),
      await hanging,
      typeof (await attempt(() => session.noop())).text,
    ];
  },
  async 'stubs-go'({ Service }) {
    const session = await Service.open(new Counter());
    const before = disposed;
    await attempt(() => session.abort());
    await scheduler.wait(20);
    return [before, disposed];
  },
  fetch: ({ Service }) => attempt(() => Service.fetch('http://x/')),
  handlers: ({ handlers }) => attempt(() => handlers.abort('handlers')),
  async 'others-go-on'({ Service }) {
    const slow = Service.slow();
    await attempt(() => Service.abort(new Error('one')));
    return slow;
  },
};

export class Service extends WorkerEntrypoint {
  abort(reason) {
    this.ctx.abort(reason);
  }

  open(stub) {
    stub?.dup();
    return {
      hang: () => new Promise(() => {}),
      noop: () => 'noop',
      abort: () => this.ctx.abort(new RangeError('session')),
    };
  }

  async slow() {
    await scheduler.wait(20);
    return 'slow';
  }

  fetch() {
    this.ctx.abort(new RangeError('in fetch'));
  }
}

export const handlers = {
  abort: (text, _env, ctx) => ctx.abort(new Error(text)),
};

export default {
  fetch: (request, _env, ctx) => answer(probes, request, ctx.exports),
};
