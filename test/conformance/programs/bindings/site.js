import manifest from '__STATIC_CONTENT_MANIFEST';
import { answer, attempt, show } from '../probe.js';

const paths = () => Object.keys(JSON.parse(manifest)).sort();
const keyOf = (path) => JSON.parse(manifest)[path];
const HOUR = { 'cache-control': 'max-age=3600' };

const probes = {
  manifest: () => [typeof manifest, paths(), paths().map(keyOf)],
  env: ({ __STATIC_CONTENT: site, ...env }) => [
    Object.keys(env),
    Object.prototype.toString.call(site),
    typeof globalThis.__STATIC_CONTENT_MANIFEST,
  ],
  async gets({ __STATIC_CONTENT: site }) {
    const key = keyOf('index.html');
    return [
      await site.get(key),
      await site.get('index.html'),
      await site.get(key, 'arrayBuffer'),
      await new Response(await site.get(key, 'stream')).text(),
      await site.get(keyOf('data/a.json'), 'json'),
      await site.get('data/a.json', 'json'),
      await site.get(keyOf('data/ü b.txt')),
      await site.get(keyOf('empty.txt')),
      (await site.getWithMetadata(key)).metadata,
    ];
  },
  missing: async ({ __STATIC_CONTENT: site }) => [
    await site.get('none'),
    await site.get(`${keyOf('index.html')}x`),
    await site.get('data/none/none'),
    await site.get('../wrangler.json'),
    await site.get('drafts/secret.html'),
  ],
  async list({ __STATIC_CONTENT: site }) {
    const names = ({ keys }) => keys.map(({ name }) => name);
    const first = await site.list({ limit: 2 });
    const rest = await site.list({ cursor: first.cursor });
    const prefix = keyOf('data/a.json').slice(0, -'a.json'.length);
    return [
      names(await site.list()),
      names(first),
      first.list_complete,
      names(rest),
      rest.list_complete,
      names(await site.list({ prefix })),
      names(await site.list({ prefix: 'data/' })),
    ];
  },
  delete: async ({ __STATIC_CONTENT: site }) => [
    await attempt(() => site.delete('index.html')),
    await site.get('index.html'),
  ],
  async cache() {
    const cached = async (path) => {
      await caches.default.put(`http://x/${path}`, new Response(path, { headers: HOUR }));
      return (await caches.default.match(`http://x/${path}`))?.text();
    };
    return [
      await cached('index.html'),
      await cached(keyOf('index.html')),
      await cached(`below/${keyOf('index.html')}`),
      await caches.default.delete(`http://x/${keyOf('index.html')}`),
    ];
  },
  show: ({ __STATIC_CONTENT: site }) => show(site),
};

export default { fetch: (request, env) => answer(probes, request, env) };
