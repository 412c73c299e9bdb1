'use strict';

const {
  Headers,
  copyHeaders,
  headersFromWire,
  headersToWire,
} = require('../../../lib/web/fetch/headers.js');

const NodeHeaders = globalThis.Headers;

describe('Headers', () => {
  test('S9.2 iteration is sorted, lower case, joined; Set-Cookie stays apart', () => {
    const headers = new Headers([
      ['X-B', '1'],
      ['a', '2'],
      ['x-b', '3'],
    ]);
    headers.append('Set-Cookie', 'p=1');
    headers.append('set-cookie', 'q=2');
    expect([...headers]).toEqual([
      ['a', '2'],
      ['set-cookie', 'p=1'],
      ['set-cookie', 'q=2'],
      ['x-b', '1, 3'],
    ]);
    expect([...headers.keys()]).toEqual(['a', 'set-cookie', 'set-cookie', 'x-b']);
    expect(headers.get('Set-Cookie')).toBe('p=1, q=2');
    expect(headers.getSetCookie()).toEqual(['p=1', 'q=2']);
  });

  test('S9.2 getAll is legal for Set-Cookie only', () => {
    const headers = new Headers([['set-cookie', 'p=1']]);
    expect(headers.getAll('SET-COOKIE')).toEqual(['p=1']);
    expect(() => headers.getAll('a')).toThrow(
      new TypeError('getAll() can only be used with the header name "Set-Cookie".'),
    );
  });

  test('set replaces every value, delete removes every value', () => {
    const headers = new Headers([
      ['a', '1'],
      ['b', '2'],
      ['A', '3'],
    ]);
    headers.set('a', '4');
    expect([...headers]).toEqual([
      ['a', '4'],
      ['b', '2'],
    ]);
    headers.append('b', '5');
    headers.delete('B');
    expect([...headers]).toEqual([['a', '4']]);
    expect(headers.get('b')).toBeNull();
  });

  test.each([
    [{ 'a b': '1' }, 'Invalid header name.'],
    [{ a: 'x\ny' }, 'Invalid header value.'],
    [{ a: 'x\0y' }, 'Invalid header value.'],
    [
      [['a', 'b', 'c']],
      'To initialize a Headers object from a sequence, each inner sequence must have exactly two elements.',
    ],
    [
      'text',
      "Failed to construct 'Headers': constructor parameter 1 is not of type 'Headers or Sequence or object'.",
    ],
  ])('S0.1.7 refuses %j', (init, message) => {
    expect(() => new Headers(init)).toThrow(new TypeError(message));
  });

  test('S0.1.7 missing arguments', () => {
    expect(() => new Headers().get()).toThrow(
      "Failed to execute 'get' on 'Headers': parameter 1 is not of type 'string'.",
    );
    expect(() => new Headers().set('a')).toThrow(
      "Failed to execute 'set' on 'Headers': parameter 2 is not of type 'string'.",
    );
  });

  test('trims values and keeps characters beyond ASCII', () => {
    const headers = new Headers({ a: ' \t x \n', b: 'Āé' });
    expect([headers.get('a'), headers.get('b')]).toEqual(['x', 'Āé']);
  });

  test('takes Headers of ours, of Node, a Map, and counts Node instances as instances', () => {
    const node = new NodeHeaders({ q: '1' });
    for (const init of [new Headers({ q: '1' }), node, new Map([['q', '1']])]) {
      expect([...new Headers(init)]).toEqual([['q', '1']]);
    }
    expect(node).toBeInstanceOf(Headers);
    expect({}).not.toBeInstanceOf(Headers);
  });

  test('forEach gives value, name, headers', () => {
    const seen = [];
    const headers = new Headers({ b: '2', a: '1' });
    headers.forEach((value, name, all) => seen.push([value, name, all === headers]));
    expect(seen).toEqual([
      ['1', 'a', true],
      ['2', 'b', true],
    ]);
  });

  test('a change during iteration does not show', () => {
    const headers = new Headers({ a: '1', c: '3' });
    const seen = [];
    for (const [name] of headers) {
      seen.push(name);
      headers.set('b', '2');
    }
    expect(seen).toEqual(['a', 'c']);
  });
});

describe('wire form', () => {
  test('reads what the server received, immutable, duplicates kept', () => {
    const headers = headersFromWire('a\x001\0b\0\0a\x003\0');
    expect(headers.get('A')).toBe('1, 3');
    expect(headers.get('b')).toBe('');
    expect(headersToWire(headers)).toBe('a: 1\r\nb: \r\na: 3\r\n');
    expect(() => headers.set('a', '1')).toThrow(new TypeError("Can't modify immutable headers."));
  });

  test('no headers at all', () => {
    expect([...headersFromWire('')]).toEqual([]);
  });

  test('a copy and its original change apart', () => {
    const original = new Headers({ a: '1' });
    const copy = copyHeaders(original, 'mutable');
    copy.set('a', '2');
    original.append('b', '3');
    expect([...copy]).toEqual([['a', '2']]);
    expect([...original]).toEqual([
      ['a', '1'],
      ['b', '3'],
    ]);
  });
});
