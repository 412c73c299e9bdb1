import { DurableObject } from 'cloudflare:workers';
import { answer, attempt } from '../probe.js';

export * from '../facet-classes.js';

const probes = {
  increment: ({ facet }, { name }) => facet(name).increment(),
  async nested({ facet }, { name }) {
    return [
      await facet(name, 'Nested').child('x', 'increment'),
      await facet(name, 'Nested').get('own'),
    ];
  },
  put: ({ facet }, { name }) => facet(name, 'Nested').put('own', 'of the nested one'),
  delete: ({ ctx }, { name }) => ctx.facets.delete(name),
  'delete-all': ({ ctx }) => ctx.storage.deleteAll(),
  own: ({ ctx }) => ctx.storage.kv.put('own', 'of the parent'),
  'read-own': ({ ctx }) => ctx.storage.kv.get('own'),
  reset({ ctx, facet }, { name }) {
    const stub = facet(name);
    const call = attempt(() => stub.slow());
    ctx.waitUntil(call);
    setTimeout(() => ctx.abort('the parent is reset'), 5);
    return call;
  },
  memory: ({ facet }, { name }) => facet(name).memory(),
};

export class Parent extends DurableObject {
  fetch(request) {
    const { ctx } = this;
    const { searchParams } = new URL(request.url);
    const facet = (name, className = 'Counter') =>
      ctx.facets.get(name, () => ({ class: ctx.exports[className] }));
    const named = { name: searchParams.get('name') };
    const withName = Object.fromEntries(
      Object.entries(probes).map(([key, probe]) => [key, (self) => probe(self, named)]),
    );
    return answer(withName, request, { ctx, facet });
  }
}

export default {
  async fetch(request, env) {
    const object = env.PARENT.getByName(new URL(request.url).searchParams.get('object'));
    try {
      return await object.fetch(request);
    } catch (error) {
      return new Response(`the object failed: ${error.message}`);
    }
  },
};
