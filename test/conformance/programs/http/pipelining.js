// Requests that come one behind the other on a connection, with bodies and streamed answers, some of which take their time.
const encoder = new TextEncoder();

/** What began and ended, in order. */
const log = [];

function slowly(text, ms) {
  const parts = [...text];
  return new ReadableStream({
    async pull(controller) {
      await scheduler.wait(ms);
      if (parts.length === 0) controller.close();
      else controller.enqueue(encoder.encode(parts.shift()));
    },
  });
}

export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const what = pathname.slice(1);
    const ms = Number(searchParams.get('ms') ?? 0);
    if (what === 'log') return new Response(log.splice(0).join(' '));
    const isSafe = ['GET', 'HEAD'].includes(request.method);
    if (!isSafe) log.push(`begins:${searchParams.get('n')}`);
    if (ms > 0) await scheduler.wait(ms);
    if (!isSafe) log.push(`goes-on:${searchParams.get('n')}`);
    switch (what) {
      case 'text':
        return new Response(`[${await request.text()}]`);
      case 'unread':
        return new Response('unread');
      case 'echo':
        return new Response(request.body);
      case 'stream':
        return new Response(slowly('abc', 5));
      case 'none':
        return new Response(null, { status: 204 });
      default:
        return new Response(request.method);
    }
  },
};
