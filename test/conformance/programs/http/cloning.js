import { answer, attempt, attemptSync } from '../probe.js';

const kinds = {
  headers: () => structuredClone(new Headers({ a: '1', b: '2' })).get('b'),
  'headers-apart': () => {
    const original = new Headers({ a: '1' });
    const copy = structuredClone(original);
    copy.set('a', '2');
    return [original.get('a'), copy.get('a'), copy instanceof Headers];
  },
  exception: () => {
    const original = new DOMException('text', 'NotAllowedError');
    original.own = 1;
    const copy = structuredClone(original);
    const same = ['name', 'message', 'code', 'stack'].map((key) => copy[key] === original[key]);
    return [same, copy === original, copy instanceof DOMException, copy.own];
  },
};
const refused = {
  TextEncoder: () => new TextEncoder(),
  TextDecoder: () => new TextDecoder(),
  URL: () => new URL('http://x/'),
  URLSearchParams: () => new URLSearchParams('a=b'),
  FormData: () => new FormData(),
  Event: () => new Event('a'),
  AbortController: () => new AbortController(),
  TransformStream: () => new TransformStream(),
  'in an array': () => [{ deep: new URL('http://x/') }],
  'in a map': () => new Map([['key', new TextEncoder()]]),
};
for (const [name, make] of Object.entries(refused)) {
  kinds[`refuses ${name}`] = () => structuredClone(make());
}

const plain = {
  values: () => structuredClone({ a: [1, new Date(0), /x/g], b: new Map([[1, new Set([2])]]) }),
  class: () =>
    structuredClone(
      new (class Own {
        a = 1;
      })(),
    ),
  error: () => structuredClone(new RangeError('text')) instanceof RangeError,
  cycle: () => {
    const value = {};
    value.self = value;
    const copy = structuredClone(value);
    return copy.self === copy;
  },
  buffer: () => {
    const buffer = new ArrayBuffer(3);
    return [structuredClone(buffer, { transfer: [buffer] }).byteLength, buffer.byteLength];
  },
  function: () => structuredClone(() => 1),
};

const all = (probes) => Object.entries(probes).map(([name, run]) => [name, attemptSync(run)]);

const probes = {
  runtime: () => all(kinds),
  plain: () => all(plain),
  nested: () => attempt(() => structuredClone([new Headers({ a: '1' })])[0].get('a')),
};

export default {
  fetch: (request) => answer(probes, request),
};
