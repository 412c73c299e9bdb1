import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { answer, attemptSync } from '../probe.js';

export class Seer extends DurableObject {
  fetch(request) {
    if (request.url.endsWith('/frozen')) return Response.json(frozen(request.cf));
    return Response.json(request.cf ?? 'none');
  }
  ofRequest(request) {
    return request.cf ?? 'none';
  }
  frozenOf(request) {
    return frozen(request.cf);
  }
}

const frozen = (cf) => [Object.isFrozen(cf), Object.isFrozen(cf?.mine ?? cf?.tlsClientAuth)];

export class Other extends WorkerEntrypoint {
  fetch(request) {
    return Response.json(request.cf ?? 'none');
  }
}

const seen = async (response) => (await response).json();

const probes = {
  whole: (_, request) => request.cf,
  frozen: (_, request) => {
    const own = { mine: { a: 1 } };
    const made = new Request('http://a.b/', { cf: own });
    const tried = (cf, part) => [
      cf === undefined ? 'none' : Object.isFrozen(cf),
      Object.isFrozen(cf?.[part]),
      attemptSync(() => (cf.country = 'XX')),
    ];
    return [
      request.cf === request.cf,
      tried(request.cf, 'tlsClientAuth'),
      tried(new Request(request).cf, 'tlsClientAuth'),
      tried(request.clone().cf, 'tlsClientAuth'),
      tried(new Request(request, { cf: own }).cf, 'mine'),
      made.cf === made.cf,
      made.cf === own,
      tried(made.cf, 'mine'),
      tried(made.clone().cf, 'mine'),
      tried(new Request(made).cf, 'mine'),
      tried(new Response('', { cf: own }).cf, 'mine'),
      tried(own, 'mine'),
    ];
  },
  copies: (_, request) => {
    const copy = new Request(request, { headers: { 'accept-encoding': 'br' } });
    const other = new Request('http://a.b/', request);
    const given = new Request(request, { cf: { mine: 1 } });
    return [
      copy.cf,
      other.cf?.city,
      given.cf,
      request.clone().cf.colo,
      new Request('http://a.b/').cf,
    ];
  },
  changed: (_, request) => {
    const copy = new Request(request);
    copy.headers.set('accept-encoding', 'br');
    return [copy.cf.clientAcceptEncoding, copy.clone().cf.clientAcceptEncoding];
  },
  objects: async ({ SEER }, request) => {
    const seer = SEER.getByName('a');
    return [
      await seen(seer.fetch(request.clone())),
      (await seen(seer.fetch(new Request(request)))).latitude,
      (await seen(seer.fetch('http://a.b/', { cf: { mine: 1 } }))).mine,
      await seen(seer.fetch('http://a.b/')),
      (await seer.ofRequest(request.clone())).timezone,
    ];
  },
  'frozen-for-objects': async ({ SEER }, request) => {
    const seer = SEER.getByName('a');
    const cf = { mine: { a: 1 } };
    const url = 'http://a.b/frozen';
    const caller = new Request(url, { cf });
    return [
      await seen(seer.fetch(url, request.clone())),
      await seen(seer.fetch(url, { cf })),
      await seen(seer.fetch(caller)),
      frozen(caller.cf),
      await seer.frozenOf(request.clone()),
      await seer.frozenOf(new Request(url, { cf })),
    ];
  },
  services: async (_, request, ctx) => {
    const other = ctx.exports.Other;
    return [
      (await seen(other.fetch(request.clone()))).region,
      await seen(other.fetch('http://a.b/')),
    ];
  },
};

export default {
  fetch: (request, env, ctx) => {
    const bound = Object.entries(probes).map(([name, probe]) => [
      name,
      () => probe(env, request, ctx),
    ]);
    return answer(Object.fromEntries(bound), request, null);
  },
};
