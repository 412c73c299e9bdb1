// Says what it sees of a request whose bytes were not what a client should send. X-Seen tells its answers from a server's own.
export default {
  async fetch(request) {
    const { method, url, headers } = request;
    let body;
    try {
      const text = await request.text();
      body = text.length < 200 ? text : text.length;
    } catch (error) {
      body = `threw ${error.name}`;
    }
    const shown = [...headers].map(([name, value]) => `${name}: ${value.slice(0, 200)}`);
    return new Response(JSON.stringify({ method, url, body, shown }, null, 1), {
      headers: { 'X-Seen': method },
    });
  },
};
