/** Says that it was asked, and asks for assets: what `x-to` names, in the way of `x-method`, with the request's own headers. */
export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const to = request.headers.get('x-to');
    if (to === null || url.pathname !== '/via')
      return new Response(
        `the Worker: ${request.method} ${url.pathname}${url.search} ${await request.text()}`,
      );
    const method = request.headers.get('x-method');
    const body = method === 'GET' ? null : 'body';
    try {
      return await env.ASSETS.fetch(new URL(to, url).href, {
        method,
        body,
        headers: request.headers,
        redirect: 'manual',
      });
    } catch (error) {
      return new Response(`${error.name}: ${error.message}`);
    }
  },
};
