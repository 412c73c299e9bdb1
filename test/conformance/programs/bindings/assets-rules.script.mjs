import { askAll, inPublic, site } from '../assets-site.mjs';

const headers = `
# comment
/*
  X-All: all
  X-Path: :splat
  Cache-Control: public, max-age=5
/plain.txt
  X-Plain: one
  x-plain: two
  X-All: again
  ! Cache-Control
/folder/:name
  X-Name: name is :name
  ! ETag
/:a/:a
  X-Twice: never
https://conformance.example/about
  X-Host: this
https://:sub.example/exact
  X-Sub: :sub
https://conformance.example:8080/*
  X-Port: never
https://other.example/*
  X-Other: never
/deep/*/er
  X-Middle: :splat
/two/*/stars/*
  X-Never: never
/with/*/:splat
  X-Never: never
nonsense
/no-headers
/data.json
  Bad Name: x
  : no name
  No-Value:
  no colon
  X-Data: data
relative
  X-Below-Relative: x
/none
  X-None: nothing
/%C3%BCmlaut.txt
  X-Umlaut: encoded
/ümlaut.txt
  X-Umlaut: plain
`;

const redirects = `
# comment
/old /about
/old-permanent /about 301
/see /about 303
/temporary /about 307
/permanent /about 308 # trailing comment
/query /about?from=redirect
/fragment /about#here
/external https://other.example/path?x=1
/external-bare https://other.example
/proxied /folder/page 200
/proxied-none /no-such-thing 200
/proxied-file /data.json 200
/proxied-html /about.html 200
/plain.txt /data.json
/bad-status /about 404
/one-token
/a /b /c /d
https://conformance.example/absolute /about
/duplicate /about
/duplicate /exact
/loop/* /index.html
/loops/ /loops/index
no-slash /about
/blog/* /news/:splat
/posts/:year/:slug /archive/:slug-:year 301
/user/:id/ /u/:id 302
/proxy/* /:splat 200
/outside/* https://other.example/:splat
/evil/* :splat
/evil2/* /:splat
/proxy-outside /about 200
/after-dynamic /about
/proxied-external https://other.example/ 200
/twice/:a/:a /never
/proxied-external /about
/proxied-0200 https://other.example/ 0200
/exact /redirected-exact
`;

export const config = {
  entry: 'bindings/assets.js',
  files: inPublic({ ...site, _headers: headers, _redirects: redirects }),
  wrangler: { assets: { directory: 'public', binding: 'ASSETS' } },
  miniflare: {},
};

export const cases = [
  askAll('S8.7.1 assets: _headers', [
    ...[
      '/plain.txt',
      '/folder/page',
      '/folder/',
      '/folder/page.html',
      '/about',
      '/exact',
      '/deep/x/er',
      '/deep/er/',
    ],
    ...[
      '/data.json',
      '/none',
      '/no-headers',
      '/two/a/stars/b',
      '/with/a/b',
      '/%C3%BCmlaut.txt',
      '/',
    ],
    { method: 'HEAD', path: '/plain.txt' },
    { method: 'POST', path: '/plain.txt' },
    { path: '/plain.txt', headers: { 'if-none-match': '*' } },
    { path: '/about', headers: { host: 'a.example' } },
    { path: '/through?to=/none' },
    { path: '/through?to=/plain.txt' },
  ]),
  askAll('S8.7.1 assets: _redirects', [
    ...[
      '/old',
      '/old/',
      '/old?a=b',
      '/old-permanent',
      '/see',
      '/temporary',
      '/permanent',
      '/query',
      '/query?a=b',
      '/fragment?a=b',
    ],
    ...[
      '/external',
      '/external?a=b',
      '/external-bare',
      '/proxied',
      '/proxied-none',
      '/proxied-file',
      '/proxied-html',
      '/plain.txt',
    ],
    ...[
      '/bad-status',
      '/one-token',
      '/a',
      '/absolute',
      '/duplicate',
      '/loop/x',
      '/loops/',
      '/no-slash',
    ],
    ...[
      '/blog/',
      '/blog/a/b?c=d',
      '/blog',
      '/posts/2020/title',
      '/posts/2020/title/',
      '/user/7/',
      '/user/7',
      '/proxy/about',
      '/proxy/plain.txt',
    ],
    ...[
      '/outside/a/b',
      '/evil/https://other.example',
      '/evil//other.example',
      '/evil2//other.example',
      '/evil2/a//b',
    ],
    ...[
      '/after-dynamic',
      '/proxied-external',
      '/proxied-0200',
      '/twice/a/a',
      '/exact',
      '/redirected-exact',
      '/no-proto',
    ],
    { method: 'POST', path: '/old' },
    { method: 'POST', path: '/proxied-file' },
    { path: '/through?to=/old' },
    { path: '/through?to=/proxied' },
  ]),
];
