import manifest from '__STATIC_CONTENT_MANIFEST';

export default {
  async fetch(request, { __STATIC_CONTENT: site }) {
    const paths = Object.keys(JSON.parse(manifest)).sort();
    const { keys } = await site.list();
    const found = {};
    for (const path of ['index.html', 'data/a.json', 'drafts/secret.html'])
      found[path] = await site.get(path);
    return Response.json({ paths, keys: keys.map(({ name }) => name), found });
  },
};
