export const config = {
  compatibilityFlags: ['enable_request_signal'],
  bindings: { ECHO: 'Echo' },
  classes: { Echo: { sqlite: true } },
  concurrent: true,
};

const get = (path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const post = (path) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc`;

/** The peer resets its connection while `route` is at work. */
const leaving = (name, route, bytes, wait) => ({
  name,
  steps: async (t) => {
    const peer = await t.raw(bytes(`/${route}/${route}`));
    if (wait) await t.quietUntil(`/seen/${route}`, wait);
    else await t.pause(100);
    peer.leave();
    await t.fetchUntil(`/seen/${route}`, 'end');
  },
});

export const cases = [
  leaving('S9.1.2 the client leaves while the handler runs', 'handler', get, 'aborted at first'),
  leaving('S9.1.2 a signal that is asked for when the client has left', 'late', get),
  leaving('S9.1.2 the client leaves in its upload', 'upload', post, 'reading'),
  leaving('S9.1.2 the client leaves in a stream', 'stream', get, 'aborted at first'),
  leaving('S9.1.2 the client leaves, behind a TransformStream', 'transform', get, 'aborted'),
  leaving('S9.1.2 a subrequest outlives the client', 'subrequest', get, 'aborted at first'),
];
