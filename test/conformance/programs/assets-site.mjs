// A site of static assets, and requests to it, for the programs about them.

/** HTML files in every constellation that `html_handling` tells apart. */
const pages = Object.fromEntries(
  [
    'index.html',
    'about.html',
    'both.html',
    'both/index.html',
    'folder/index.html',
    'folder/page.html',
    'folder/index/index.html',
    'index-file/index',
    'index-page/index.html.html',
    'named/index.html',
    'named',
    'exact.html',
    'exact',
    'deep/er/index.html',
    'html/.html',
    'dir.html/index.html',
    '404.html',
    'folder/404.html',
  ]
    .filter((name) => name !== 'named' && name !== 'named/index.html')
    .map((name) => [name, `<${name}>`]),
);

/** By path below the directory. */
export const site = {
  ...pages,
  'plain.txt': 'plain',
  'no-extension': 'no extension',
  'with space.txt': 'space',
  'ümlaut.txt': 'ümlaut',
  'a%20b.txt': 'percent',
  'at@sign+plus.txt': 'at',
  'data.json': '{"json":true}',
  'empty.txt': '',
};

/** @param {Record<string, string | Uint8Array>} files */
export const inPublic = (files) =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`public/${name}`, text]));

/** Every way to ask for the pages. */
export const pagePaths = [
  ...[
    '/',
    '/index',
    '/index.html',
    '/index.html/',
    '/index/',
    '//',
    '/?query=1',
    '/index.html?query=1',
  ],
  ...[
    '/about',
    '/about/',
    '/about.html',
    '/about/index',
    '/about/index.html',
    '/about.html/',
    '/About',
  ],
  ...['/both', '/both/', '/both.html', '/both/index', '/both/index.html'],
  ...[
    '/folder',
    '/folder/',
    '/folder.html',
    '/folder/index',
    '/folder/index.html',
    '/folder/index/',
    '/folder//',
  ],
  ...['/folder/page', '/folder/page/', '/folder/page.html', '/folder/page/index.html'],
  ...['/index-file', '/index-file/', '/index-file/index', '/index-file/index.html'],
  ...[
    '/index-page',
    '/index-page/',
    '/index-page/index',
    '/index-page/index.html',
    '/index-page/index.html.html',
  ],
  ...['/exact', '/exact/', '/exact.html', '/exact/index.html', '/exact/index'],
  ...['/deep', '/deep/', '/deep/er', '/deep/er/', '/deep/er/index.html', '/deep/er.html'],
  ...['/html', '/html/', '/html/.html', '/html.html', '/dir', '/dir.html', '/dir.html/', '/dir/'],
  ...[
    '/404',
    '/404.html',
    '/404/',
    '/none',
    '/none/',
    '/none.html',
    '/folder/none',
    '/folder/none/deep',
    '/none/index.html',
  ],
];

/** Paths that are written in different ways. */
export const otherPaths = [
  ...['/plain.txt', '/plain.txt/', '/plain', '/no-extension', '/empty.txt', '/data.json', '/data'],
  ...[
    '/with%20space.txt',
    '/with space.txt'.replace(' ', '+'),
    '/%C3%BCmlaut.txt',
    '/%c3%bcmlaut.txt',
  ],
  ...['/a%2520b.txt', '/a%20b.txt', '/at@sign+plus.txt', '/at%40sign%2Bplus.txt', '/%70lain.txt'],
  ...[
    '/./plain.txt',
    '/folder/../plain.txt',
    '/folder/%2e%2e/plain.txt',
    '/..%2fplain.txt',
    '/%zz',
    '/%2e%2e/%2e%2e/etc/passwd',
  ],
  ...['//plain.txt', '/plain.txt?a=b', '/folder%2Fpage', '/PLAIN.TXT'],
];

/** @param {string | undefined} tag the tags of both runtimes are of different things */
const shownTag = (tag) => (/^"[0-9a-f]{32}"$/.test(tag ?? '') ? '<tag>' : tag);

/** What matters of an answer. @param {import('../harness/scenario.mjs').Scenario} t @param {any} request */
export async function ask(t, request) {
  const spec = typeof request === 'string' ? { path: request } : request;
  const { status, statusText, headers, body } = await t.quiet(spec);
  const all = headers
    .filter(([name]) => name !== 'x-mf-additional-response-log')
    .map(([name, value]) => `${name}: ${name === 'etag' ? shownTag(value) : value}`);
  t.note(
    `${spec.method ?? 'GET'} ${spec.path} -> ${status} ${statusText} [${all.join(', ')}] ${JSON.stringify(body)}`,
  );
  return { status, headers: Object.fromEntries(headers), body };
}

/** @param {string} name @param {any[]} requests @returns {import('../harness/scenario.mjs').Case} */
export const askAll = (name, requests) => ({
  name,
  steps: async (t) => {
    for (const request of requests) await ask(t, request);
  },
});
