// restored-kinds.js: what the [restore]() methods of rpc/restored-stubs give, by kind, and what they write down.
import { RpcStub, RpcTarget } from 'cloudflare:workers';

/** What [restore]() methods and disposers did. One program is one isolate. @type {string[]} */
export const log = [];
export const take = () => log.splice(0);

/** Of what [restore]() gives the second time something else. */
export const kept = new Map();

export class Counter extends RpcTarget {
  #count = 0;

  constructor(id) {
    super();
    this.id = id;
  }
  add(amount) {
    this.#count += amount;
    return `${this.id}: ${this.#count}`;
  }
  get size() {
    return this.#count;
  }
  inner() {
    return new Counter(`${this.id}'s inner`);
  }
  fail() {
    throw new RangeError('the counter fails');
  }
  call(fn) {
    return fn('from the counter');
  }
  [Symbol.dispose]() {
    if (this.id.startsWith('watched')) log.push(`${this.id} is disposed of`);
  }
}

/** What [restore]() gives, by kind. */
export function make(self, params) {
  const { exports } = self.ctx;
  const { kind, id = 'x' } = params;
  switch (kind) {
    case 'rpc':
      return new RpcStub(new Counter(id));
    case 'target':
      return new Counter(id);
    case 'function': {
      const counter = new Counter(id);
      return Object.assign((amount) => counter.add(amount), {
        add: (amount) => counter.add(amount),
      });
    }
    case 'plain':
      return new RpcStub({ add: (amount) => `plain ${amount}` });
    case 'service':
      return exports.Greeter({ props: { greeting: id } });
    case 'loopback':
      return exports.Greeter;
    case 'object':
      return exports.Store.getByName(id);
    case 'env-service':
      return self.env.NAMED;
    case 'facet':
      return self.ctx.facets.get(id, () => ({ class: exports.Part({ props: { title: id } }) }));
    case 'caps':
      return new RpcStub({
        add: async (amount) => [
          await params.service.greet(amount),
          await params.counter.add(amount),
        ],
      });
    case 'first-time':
      if (kept.has(id)) return make(self, { kind: kept.get(id), id });
      kept.set(id, params.then);
      return make(self, { kind: params.first, id });
    case 'changes':
      params.changed = (params.changed ?? 0) + 1;
      return new RpcStub(new Counter(`${id} ${params.changed}`));
    case 'later':
      return Promise.resolve().then(() => new RpcStub(new Counter(id)));
    case 'again':
      return self.ctx.restore({ kind: 'rpc', id });
    case 'throws':
      throw new RangeError('restore fails');
    case 'rejects':
      return Promise.reject(new TypeError('restore rejects'));
    case 'nothing':
      return undefined;
    case 'null':
      return null;
    case 'number':
      return 5;
    case 'empty':
      return {};
    case 'namespace':
      return exports.Store;
    case 'class':
      return exports.Part({ props: {} });
    case 'property':
      return exports.Greeter({}).greet;
    case 'promise':
      return new RpcStub(new Counter(id)).inner();
    default:
      throw new Error(`what is ${kind}?`);
  }
}
