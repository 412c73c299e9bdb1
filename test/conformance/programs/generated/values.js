// Values that a seed determines: nested, cyclic, shared, of every kind that can and cannot be sent. Each is an argument, a result, an
// exception, or what storage, structuredClone() and attachments of WebSockets copy. What is compared is what arrives, or why nothing does.
import { DurableObject, RpcStub, WorkerEntrypoint } from 'cloudflare:workers';
import { describe } from '../describe.js';
import { makeValue as make } from '../random-value.js';

const remote = {
  identity: (value) => value,
  describe: (value) => describe(value),
  wrap: (value) => ({ value, list: [value] }),
  call: (f, value) => f(value),
};

export class Sent extends DurableObject {
  hello() {
    return `hello from ${this.ctx.id.name}`;
  }
  echo(value) {
    return value;
  }
  describe(value) {
    return describe(value);
  }
  both(value) {
    return { value, list: [value] };
  }
  call(f, value) {
    return f(value);
  }
  make(seed, isPlain) {
    return make(seed, this.env, isPlain);
  }
  throw(seed) {
    throw make(seed, this.env, false);
  }
  async store(seed) {
    const value = make(seed, this.env, true);
    await this.ctx.storage.put('key', value);
    try {
      return await describe(await this.ctx.storage.get('key'));
    } catch {
      return 'written, and cannot be read'; // workerd's error has a reference of its own
    }
  }
}

export class Service extends WorkerEntrypoint {
  hello() {
    return ['hello', this.ctx.props];
  }
  get property() {
    return 1;
  }
  identity(value) {
    return value;
  }
  describe(value) {
    return describe(value);
  }
  make(seed) {
    return make(seed, this.env, false);
  }
  throw(seed) {
    throw make(seed, this.env, false);
  }
}

/** The other side has described it. */
class Described {
  constructor(text) {
    this.text = text;
  }
}

const described = async (call) => new Described(await call);

const ways = {
  argument: ({ object }, value) => described(object.describe(value)),
  'argument of a Worker': ({ service }, value) => described(service.describe(value)),
  'there and back': ({ object }, value) => object.echo(value),
  'twice there and back': ({ object }, value) => object.both(value),
  'to a function': ({ object }, value) => described(object.call((given) => describe(given), value)),
  'through a function': ({ object }, value) => object.call((given) => given, value),
  'local stub': (_, value) => new RpcStub(remote).wrap(value),
  result: ({ object, seed }) => object.make(seed, false),
  'result of a Worker': ({ service, seed }) => service.make(seed),
  exception: ({ object, seed }) => object.throw(seed),
  'exception of a Worker': ({ service, seed }) => service.throw(seed),
  'exception of a function': ({ object, seed, env }) =>
    object.call(() => {
      throw make(seed, env, false);
    }),
  stored: ({ object, seed }) => described(object.store(seed)),
  cloned: ({ seed, env }) => structuredClone(make(seed, env, true)),
  attached({ seed, env }) {
    const [ws] = Object.values(new WebSocketPair());
    try {
      ws.serializeAttachment(make(seed, env, true));
      return ws.deserializeAttachment();
    } catch {
      return new Described('refused'); // workerd's message is V8's own for some, or comes when it is read
    }
  },
};

async function outcome(way, at) {
  try {
    const given = way.length > 1 ? make(at.seed, at.env, false) : undefined;
    const came = await way(at, given);
    return came instanceof Described ? came.text : await describe(came);
  } catch (error) {
    return `failed ${await describe(error)}`;
  }
}

export default {
  async fetch(request, env) {
    const seed = Number(new URL(request.url).pathname.slice(1));
    const lines = [];
    for (const [i, [name, way]] of Object.entries(ways).entries()) {
      const valueSeed = seed * 100 + i;
      const at = {
        object: env.SENT.getByName('object'),
        service: env.SERVICE,
        seed: valueSeed,
        env,
      };
      lines.push(`${name}: ${await outcome(way, at)}`);
    }
    return new Response(lines.join('\n'));
  },
};
