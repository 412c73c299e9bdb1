'use strict';

const { configureWeb } = require('../../../lib/web/settings');
const { urlOf, urlOfRedirect, urlToSend } = require('../../../lib/web/fetch/request-urls');

describe('S1.8.3 as the URL standard has them', () => {
  test('a URL is put in order, and what is none is refused', () => {
    expect(urlOf('HTTP://Foo:80')).toBe('http://foo/');
    expect(() => urlOf('foo')).toThrow(new TypeError('Invalid URL: foo'));
  });

  test('the fragment stays at home', () => {
    expect(urlToSend('http://foo/a#b')).toBe('http://foo/a');
    expect(() => urlToSend('ftp://foo/')).toThrow('Fetch API cannot load: ftp://foo/');
    expect(urlOfRedirect('../x#y', 'http://foo/a/b')).toBe('http://foo/x');
    expect(() => urlOfRedirect('http://', 'http://foo/')).toThrow('Invalid URL: http://');
  });
});

describe('S1.8.3 with fetch_legacy_url', () => {
  beforeEach(() => configureWeb({ standardUrl: false }));
  afterEach(() => configureWeb({ standardUrl: true }));

  test('the text is kept', () => {
    expect(urlOf('foo')).toBe('foo');
    expect(urlOf(new URL('http://foo'))).toBe('http://foo/');
  });

  test.each([
    ['http://foo', 'http://foo'],
    ['HTTP://user@FOO:80?a b#c', 'http://foo:80?a%20b'],
    ['http://foo/a/../b#c', 'http://foo/b'],
  ])('%s is sent as %s', (text, sent) => {
    expect(urlToSend(text)).toBe(sent);
  });

  test.each(['foo', '/x', 'http:foo', 'http://a b/', 'ftp://foo/'])('%s is not sent', (text) => {
    expect(() => urlToSend(text)).toThrow(new TypeError(`Fetch API cannot load: ${text}`));
  });

  test('redirects', () => {
    expect(urlOfRedirect('//bar', 'https://foo/')).toBe('https://bar');
    expect(urlOfRedirect('x#y', 'http://foo/a/b')).toBe('http://foo/a/x');
  });
});
