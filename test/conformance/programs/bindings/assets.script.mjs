import { ask, askAll, inPublic, otherPaths, pagePaths, site } from '../assets-site.mjs';

const extensions =
  'html htm css js mjs cjs json map txt md xml svg png jpg jpeg gif webp avif ico bmp woff woff2 ttf otf eot mp3 mp4 webm ogg wav pdf zip gz tar wasm csv webmanifest rss atom ts tsx jsx vue yaml yml toml exe dmg iso rtf ics vcf unknown-extension HTML Txt'.split(
    ' ',
  );

export const config = {
  files: inPublic({
    ...site,
    ...Object.fromEntries(extensions.map((extension) => [`types/file.${extension}`, extension])),
    'types/.hidden': 'hidden',
    'types/.hidden.txt': 'hidden text',
    'types/two.tar.gz': 'two',
    'large.bin': new Uint8Array(300_000).fill(65),
    'ignored.txt': 'ignored',
    'ignored-folder/a.txt': 'ignored',
    'ignored-folder/kept.txt': 'ignored',
    'logs/a.log': 'log',
    'logs/kept.log': 'kept',
    '.well-known/a': 'well known',
    '.assetsignore': 'ignored.txt\nignored-folder\n*.log\n!kept.log\n# comment\n',
  }),
  wrangler: { assets: { directory: 'public', binding: 'ASSETS' } },
  miniflare: {},
};

const methods = ['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'];

export const cases = [
  askAll('S8.7.1 assets: html_handling auto-trailing-slash', pagePaths),
  askAll('S8.7.1 assets: paths', otherPaths),
  askAll('S8.7.1 assets: types', [
    ...extensions.map((extension) => `/types/file.${extension}`),
    '/types/.hidden',
    '/types/.hidden.txt',
    '/types/two.tar.gz',
  ]),
  askAll('S8.7.1 assets: .assetsignore', [
    ...[
      '/ignored.txt',
      '/ignored-folder/a.txt',
      '/ignored-folder/kept.txt',
      '/logs/a.log',
      '/logs/kept.log',
    ],
    ...['/.assetsignore', '/_headers', '/_redirects', '/.well-known/a'],
  ]),
  askAll('S8.7.1 assets: methods', [
    ...methods.map((method) => ({ method, path: '/plain.txt' })),
    ...methods.map((method) => ({ method, path: '/about.html' })),
    ...methods.map((method) => ({ method, path: '/none' })),
    { method: 'POST', path: '/api', body: 'a body' },
  ]),
  {
    name: 'S8.7.1 assets: conditional requests',
    steps: async (t) => {
      const { headers } = await ask(t, '/plain.txt');
      const { etag } = headers;
      for (const tag of [etag, `W/${etag}`, '"other"', `"other", ${etag}`, '*', etag.slice(1, -1)])
        await ask(t, { path: '/plain.txt', headers: { 'if-none-match': tag } });
      await ask(t, { method: 'HEAD', path: '/plain.txt', headers: { 'if-none-match': etag } });
      await ask(t, { path: '/plain.txt', headers: { 'if-match': '"other"' } });
      const date = new Date(Date.now() + 60_000).toUTCString();
      await ask(t, { path: '/plain.txt', headers: { 'if-modified-since': date } });
    },
  },
  askAll('S8.7.1 assets: ranges and credentials', [
    { path: '/plain.txt', headers: { range: 'bytes=1-2' } },
    { path: '/plain.txt', headers: { range: 'bytes=100-' } },
    { path: '/plain.txt', headers: { authorization: 'Basic x' } },
    { path: '/plain.txt', headers: { cookie: 'a=b' } },
  ]),
  askAll('S8.7.1 assets: long files', ['/large.bin', { method: 'HEAD', path: '/large.bin' }]),
  askAll('S8.7.1 assets: navigation', [
    { path: '/none', headers: { 'sec-fetch-mode': 'navigate' } },
    { path: '/about', headers: { 'sec-fetch-mode': 'navigate' } },
  ]),
  askAll('S8.7.1 assets: the binding', [
    '/shape',
    ...['plain.txt', '/about', '/about.html', '/none', '/folder', '/large.bin'].flatMap((to) => [
      `/through?to=${to}`,
      `/followed?to=${to}`,
    ]),
  ]),
];
