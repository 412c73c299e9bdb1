// facet-parent.js: the object that runs the probes of facets/, and the Worker in front of it.
import { DurableObject } from 'cloudflare:workers';
import { answer } from './probe.js';

/** @param {Record<string, Function>} probes each gets what it needs for facets */
export const parentOf = (probes) =>
  class Parent extends DurableObject {
    async fetch(request) {
      const { ctx, env } = this;
      const facet = (name, className = 'Counter') =>
        ctx.facets.get(name, () => ({ class: ctx.exports[className] }));
      return answer(probes, request, { ctx, env, facet, Counter: ctx.exports.Counter });
    }
    take(value) {
      return `took ${typeof value}`;
    }
    props() {
      return this.ctx.props;
    }
  };

/** A new parent for each path. */
export const toParents = {
  fetch(request, env) {
    return env.PARENT.getByName(new URL(request.url).pathname).fetch(request);
  },
};
