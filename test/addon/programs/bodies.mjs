// Reads a body and sends it back; answers GET with more than any buffer holds.
export default {
  async fetch(request) {
    if (request.method === 'GET') return new Response('x'.repeat(32 * 1024 * 1024));
    return new Response(await request.text());
  },
};
