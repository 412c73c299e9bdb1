import { DurableObject } from 'cloudflare:workers';
import { answer, attempt, attemptSync } from '../probe.js';

const texts = [
  'http://foo',
  'http://foo/',
  'http://FOO/a/../b',
  'http://foo?q=a b',
  'http://foo/a b#frag',
  'http://foo:80/x',
  'http://user:pw@foo/x',
  'http://foo/%zz/%41',
  'http://foo//x/',
  'http://foo/?',
  'http://foo/x?a=1&&b=&=c',
  'HTTP://foo/x',
];
const refused = ['foo', '/x', '', 'http://', 'http:foo', 'ftp://foo/x', 'http://a b/'];

const probes = {
  kept: () =>
    [...texts, ...refused].map((text) => [text, attemptSync(() => new Request(text).url)]),
  delivered: ({ T }) => each(texts, async (text) => (await T.getByName('a').fetch(text)).text()),
  refused: ({ T }) => each(refused, async (text) => (await T.getByName('a').fetch(text)).text()),
  objects: () => {
    const url = new URL('http://foo');
    return [attemptSync(() => new Request(url).url), new Request(new Request('http://foo')).url];
  },
  redirects: ({ T }) =>
    each(['other', '/other', '../up', '?q', 'http://bar', '//bar'], async (location) => {
      const response = await T.getByName('a').fetch(
        `http://foo/a/b?to=${encodeURIComponent(location)}`,
      );
      return [await response.text(), response.url, response.redirected];
    }),
};

async function each(list, run) {
  const seen = [];
  for (const one of list) seen.push([one, await attempt(() => run(one))]);
  return seen;
}

export class Thing extends DurableObject {
  fetch(request) {
    const [, to] = /\?to=(.*)$/.exec(request.url) ?? [];
    if (to === undefined) return new Response(request.url);
    return new Response(null, { status: 302, headers: { location: decodeURIComponent(to) } });
  }
}

export default { fetch: (request, env) => answer(probes, request, env) };
