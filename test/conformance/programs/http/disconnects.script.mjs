export const config = {
  compatibilityFlags: ['enable_request_signal'],
  bindings: { ECHO: 'Echo' },
  classes: { Echo: { sqlite: true } },
  concurrent: true,
};

const get = (path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const post = (path) => `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc`;

/** The peer resets its connection while `route` is at work; `meanwhile` is what happens next. */
const leaving = (name, route, bytes, wait, meanwhile = async () => {}) => ({
  name,
  steps: async (t) => {
    const peer = await t.raw(bytes(`/${route}/${route}`));
    await t.quietUntil(`/seen/${route}`, wait);
    await t.pause(200); // what it passes on has come to the client by then
    peer.leave();
    await meanwhile(t);
    await t.fetchUntil(`/seen/${route}`, 'end');
  },
});

/** Nothing tells when a server has noticed that nobody looks at the signal: it gets time. */
const releaseLate = async (t) => {
  await t.pause(500);
  await t.fetch('/release/late');
};

const releaseWhenAborted = async (t) => {
  await t.quietUntil('/seen/subrequest', 'abort abort');
  await t.fetch('/release/subrequest');
};

export const cases = [
  leaving('S9.1.2 the client leaves while the handler runs', 'handler', get, 'aborted at first'),
  leaving(
    'S9.1.2 a signal that is asked for when the client has left',
    'late',
    get,
    'waiting',
    releaseLate,
  ),
  leaving('S9.1.2 the client leaves in its upload', 'upload', post, 'reading'),
  leaving('S9.1.2 the client leaves in a stream', 'stream', get, 'aborted at first'),
  leaving('S9.1.2 the client leaves, behind a TransformStream', 'transform', get, 'aborted'),
  leaving('S9.1.2 the client of an answer that is passed on leaves', 'passed', get, 'at first'),
  leaving('S7.5.3 the client of an answer that came by RPC leaves', 'released', get, ''),
  leaving(
    'S9.1.2 a subrequest outlives the client',
    'subrequest',
    get,
    'aborted at first',
    releaseWhenAborted,
  ),
];
