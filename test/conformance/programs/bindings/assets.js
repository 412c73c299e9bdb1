/** Says that it was asked, and hands out assets. */
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    if (url.pathname === '/through')
      return env.ASSETS.fetch(new URL(url.searchParams.get('to'), url), { redirect: 'manual' });
    if (url.pathname === '/followed')
      return env.ASSETS.fetch(new URL(url.searchParams.get('to'), url));
    if (url.pathname === '/shape')
      return new Response(`${Object.keys(env)} ${typeof env.ASSETS.fetch}`);
    return new Response(`the Worker: ${request.method} ${url.pathname} ${await request.text()}`);
  },
};
