export default { fetch: () => new Response('a request') };
