// Static assets of a seed: a tree of files and rules below `/s<seed>/`, and requests that may mean any of it. One program has those of all its
// seeds in one directory, as what `assets` says holds for all of it.
import { seeds } from '../harness/seeds.mjs';
import { ask, inPublic } from './assets-site.mjs';
import { headers, redirects, tree, words, workerFirst } from './assets-parts.mjs';
import { Random } from './random.js';

const kRequests = 45;
/** More of them would be more rules of `run_worker_first` than there may be. */
const kRuledSeedsMax = 20;

/** Writes a path in another way. @param {Random} random @param {string} path */
function variant(random, path) {
  const last = path.lastIndexOf('/') + 1;
  const at = last + random.below(Math.max(path.length - last, 1));
  const encoded = (/** @type {string} */ char) =>
    `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  return random.weighted([
    [8, path],
    [6, path.replace(/\.html$/, '')],
    [6, path.replace(/index(\.html)?$/, '')],
    [3, path.replace(/\/?index(\.html)?$/, '')],
    [3, `${path}/`],
    [2, `${path}/index`],
    [2, `${path}/index.html`],
    [2, `${path}.html`],
    [1, `${path}.html/`],
    [1, path.toUpperCase()],
    [2, path.replace(/\/(?=[^/]*$)/, '//')],
    [1, `/${path}`],
    [
      2,
      path.replace(
        /\/(?=[^/]*$)/,
        random.pick(['/./', '/x/../', '%2F', '%2f', '/%2e/', '/x/%2E%2e/']),
      ),
    ],
    [
      2,
      /[\w-]/.test(path[at] ?? '')
        ? path.slice(0, at) + encoded(path[at]) + path.slice(at + 1)
        : path,
    ],
    [1, `${path}%`],
    [1, `${path}%zz`],
    [1, `${path}%ff`],
    [1, path.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())],
    [1, decodeURI(path).replace(/[^\x21-\x7e]|\^/g, '+')],
    [1, `${path}\\..`],
    [1, `${path};x=1`],
  ]);
}

/** Node 20 and 22 leave dot segments behind a name that begins with a dot, `/a/.b/..`: a mistake of ada 2.9. @param {string} path */
const withoutHidden = (path) =>
  /[/\\](\.|%2e){1,2}([/\\]|$)/i.test(path) ? path.replace(/\/\.(?=[^./\\])/g, '/') : path;

/** @param {Random} random @param {string} home @param {string[]} files @returns {any} */
function request(random, home, files) {
  const encode = (/** @type {string} */ file) => file.split('/').map(encodeURIComponent).join('/');
  const file = files.length > 0 ? encode(random.pick(files)) : '';
  const guess = random.list(3, () => random.pick(words)).join('/');
  const path = `${home}/${random.chance(65) ? file : guess}`;
  const query = random
    .weighted([
      [8, ''],
      [2, '?q=1&r=%20'],
      [1, '?'],
      [1, '??#'],
    ])
    .replace('#', '');
  const asked = withoutHidden(variant(random, path)) + query;
  const more = random.weighted([
    [14, {}],
    [2, { method: 'HEAD' }],
    [1, { method: random.pick(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) }],
    [1, { headers: { 'if-none-match': random.pick(['*', '"x"', 'W/"x"']) } }],
    [1, { headers: { range: random.pick(['bytes=0-2', 'bytes=-1', 'x']) } }],
    [1, { headers: { authorization: 'x' } }],
    [2, { headers: { 'sec-fetch-mode': 'navigate' } }],
    [1, { headers: { host: random.pick(['a.example', 'other.example:8080']) } }],
    [1, { headers: { accept: 'text/html' } }],
  ]);
  const { method = 'GET', headers: fields = {} } = more;
  // The Worker asks for it.
  if (random.chance(20) && method !== 'HEAD')
    return { path: '/via', headers: { ...fields, 'x-to': asked, 'x-method': method } };
  // The server refuses a backslash that a proxy in front may have read in another way.
  return { path: asked.replaceAll('\\', '/'), ...more };
}

/** How a request names the tag of what it has. @type {((tag: string) => string)[]} */
const conditions = [
  (tag) => tag,
  (tag) => `W/${tag}`,
  (tag) => `"x", ${tag}`,
  (tag) => tag.replaceAll('"', ''),
  (tag) => `${tag} `,
];

/** @param {any} t @param {any} spec @param {string} condition */
async function askAgain(t, spec, condition) {
  const headers = { ...spec.headers, 'if-none-match': condition };
  const { status } = await t.quiet({ ...spec, headers });
  t.note(`again -> ${status}`);
}

/**
 * @param {object} options
 * @param {object} options.assets of the config
 * @param {number} options.first its number keeps the seeds of programs unlike
 * @param {boolean} [options.usesPatterns] `run_worker_first` has patterns
 * @param {string[]} [options.flags] for compatibility
 * @param {boolean} [options.hasCode]
 * @param {number} [options.count] of seeds
 */
export function generatedAssets({
  assets,
  first,
  usesPatterns = false,
  flags = [],
  hasCode = true,
  count = 6,
}) {
  const sites = seeds(count).map((seed) => {
    const random = new Random(first * 100_000 + seed);
    const home = `/s${seed}`;
    const files = tree(random);
    return { seed, home, files, ...rulesOf(random, home) };
  });
  const ruled = sites.slice(0, kRuledSeedsMax);
  const lines = (/** @type {'redirects' | 'headers' | 'first'} */ key) =>
    ruled.flatMap((site) => site[key]);
  const files = Object.fromEntries(
    sites.flatMap((site) =>
      Object.entries(site.files).map(([name, text]) => [`${site.home.slice(1)}/${name}`, text]),
    ),
  );
  const config = {
    entry: 'generated/assets.js',
    hasCode,
    compatibilityFlags: flags,
    files: inPublic({
      ...files,
      'index.html': '<root>',
      '404.html': '<root 404>',
      _redirects: lines('redirects').join('\n'),
      _headers: lines('headers').join('\n'),
    }),
    wrangler: {
      assets: {
        directory: 'public',
        ...(hasCode ? { binding: 'ASSETS' } : {}),
        ...assets,
        ...(usesPatterns ? { run_worker_first: ['/via', ...new Set(lines('first'))] } : {}),
      },
    },
    miniflare: {},
  };
  const cases = sites.map(({ seed, home, files: own }) => ({
    name: `S8.7.1 assets of a seed, ${seed}`,
    steps: async (t) => {
      // Both runtimes are asked the same, so each run begins anew.
      const choices = new Random(first * 100_000 + seed + 50_000);
      for (let left = kRequests; left > 0; left--) {
        const spec = request(choices, home, Object.keys(own));
        if (!hasCode && spec.path === '/via') continue;
        if (spec.headers?.['x-to'] !== undefined)
          t.note(`${spec.headers['x-method']} ${spec.headers['x-to']} through the Worker`);
        const { status, headers: fields } = await ask(t, spec);
        const again = choices.chance(30) ? choices.pick(conditions) : undefined;
        if (again && status === 200 && fields.etag) await askAgain(t, spec, again(fields.etag));
      }
    },
  }));
  return { config, cases };
}

/** @param {Random} random @param {string} home */
function rulesOf(random, home) {
  return {
    redirects: redirects(random, home),
    headers: headers(random, home),
    first: workerFirst(random, home),
  };
}
