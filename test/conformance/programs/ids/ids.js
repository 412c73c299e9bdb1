import { DurableObject } from 'cloudflare:workers';
import { answer, attemptSync } from '../probe.js';

const probes = {
  named({ A }) {
    return ['foo', '', '日本', 'a\u0000b', 'x'.repeat(5000)].map((name) =>
      A.idFromName(name).toString(),
    );
  },
  surrogate({ A }) {
    return [A.idFromName('\ud800').toString(), A.idFromName('\ufffd').toString()];
  },
  unicode({ A }) {
    return A.idFromName('é').toString() === A.idFromName('e\u0301').toString();
  },
  coerced({ A }) {
    const id = A.idFromName(123);
    return [
      id.name,
      id.equals(A.idFromName('123')),
      attemptSync(() => A.idFromName()),
      A.idFromName(null).name,
    ];
  },
  keys({ A }) {
    const id = A.idFromName('k');
    return [
      Object.keys(id),
      Object.keys(A.newUniqueId()),
      String(id) === id.toString(),
      `${id}`.length,
    ];
  },
  name({ A }) {
    const id = A.idFromName('n');
    return [id.name, A.newUniqueId().name, A.idFromString(id.toString()).name, id.jurisdiction];
  },
  equals({ A, B }) {
    const id = A.idFromName('n');
    return [
      id.equals(A.idFromName('n')),
      id.equals(A.idFromString(id.toString())),
      id.equals(A.idFromName('m')),
      id.equals(B.idFromName('n')),
      attemptSync(() => id.equals('n')),
      attemptSync(() => id.equals()),
      A.newUniqueId().equals(A.newUniqueId()),
    ];
  },
  parse({ A, B }) {
    const text = A.idFromName('p').toString();
    return [
      A.idFromString(text.toUpperCase()).toString() === text,
      attemptSync(() => A.idFromString('abc')),
      attemptSync(() => A.idFromString(`${text}0`)),
      attemptSync(() => A.idFromString('z'.repeat(64))),
      attemptSync(() => A.idFromString('0'.repeat(64))),
      attemptSync(() => B.idFromString(text)),
      attemptSync(() => A.idFromString()),
      attemptSync(() => A.idFromString('')),
    ];
  },
  unique({ A }) {
    const id = A.newUniqueId();
    return [/^[0-9a-f]{64}$/.test(id.toString()), A.idFromString(id.toString()).equals(id)];
  },
  jurisdiction({ A }) {
    return [
      attemptSync(() => A.newUniqueId({ jurisdiction: 'eu' }).jurisdiction),
      attemptSync(() => typeof A.jurisdiction('eu')),
    ];
  },
  'jurisdiction-none'({ A }) {
    return [
      A.newUniqueId({}).jurisdiction,
      A.newUniqueId({ jurisdiction: undefined }).jurisdiction,
      A.jurisdiction(undefined).idFromName('n').equals(A.idFromName('n')),
    ];
  },
  'get-type'({ A }) {
    return [
      attemptSync(() => A.get('name')),
      attemptSync(() => A.get()),
      attemptSync(() => A.get({})),
    ];
  },
  'get-options'({ A }) {
    const id = A.idFromName('o');
    return [
      A.get(id, { locationHint: 'weur' }).id.equals(id),
      A.get(id, { locationHint: 'nowhere', unknown: 1 }).id.equals(id),
      attemptSync(() => A.get(id, { routingMode: 'primary-only' }).name),
      attemptSync(() => A.get(id, { routingMode: 'sideways' })),
    ];
  },
  'by-name'({ A }) {
    const stub = A.getByName('b');
    return [
      stub.id.equals(A.idFromName('b')),
      stub.name,
      stub.id.name,
      attemptSync(() => A.getByName()),
    ];
  },
  'stub-shape'({ A }) {
    const stub = A.getByName('s');
    return [
      Object.keys(stub),
      stub.constructor.name,
      Object.prototype.toString.call(stub),
      'anything' in stub,
      typeof stub.anything,
      typeof stub.fetch,
      stub.then,
      stub.toString(),
      A.get(A.newUniqueId()).name,
    ];
  },
  'namespace-shape'({ A }) {
    const names = [
      'newUniqueId',
      'idFromName',
      'idFromString',
      'get',
      'getByName',
      'jurisdiction',
      'getExisting',
    ];
    return [
      names.map((n) => `${n}: ${typeof A[n]}`),
      A.constructor.name,
      Object.prototype.toString.call(A),
    ];
  },
  'id-not-cloneable'({ A }) {
    return attemptSync(() => structuredClone(A.idFromName('c')));
  },
  async 'ctx-id'({ A }) {
    const named = A.getByName('ctx-named');
    const unique = A.newUniqueId();
    const long = A.getByName('y'.repeat(1025));
    const limit = A.getByName('y'.repeat(1024));
    return [
      await named.whoAmI(),
      (await A.get(unique).whoAmI()).id === unique.toString(),
      (await A.get(unique).whoAmI()).name,
      (await long.whoAmI()).name,
      (await limit.whoAmI()).name?.length,
    ];
  },
  async 'ctx-id-first'({ A }) {
    const id = A.idFromName('first-by-string');
    const bare = A.get(A.idFromString(id.toString()));
    return [(await bare.whoAmI()).name, (await A.get(id).whoAmI()).name];
  },
  async 'same-instance'({ A, A_AGAIN, B }) {
    await A.getByName('same').remember('hello');
    return [
      await A.getByName('same').recall(),
      await A.get(A.idFromString(A.idFromName('same').toString())).recall(),
      await A_AGAIN.getByName('same').recall(),
      await A.getByName('other').recall(),
      await B.getByName('same').recall(),
    ];
  },
};

export class A extends DurableObject {
  whoAmI() {
    return { id: this.ctx.id.toString(), name: this.ctx.id.name };
  }
  remember(value) {
    this.value = value;
  }
  recall() {
    return this.value;
  }
}

export class B extends A {}

export default {
  fetch: (request, env) => answer(probes, request, env),
};
