export const config = {};

const head = (method, target, headers = '') =>
  `${method} /${target} HTTP/1.1\r\nHost: a\r\n${headers}`;
const get = (target, headers) => `${head('GET', target, headers)}\r\n`;
const post = (target, body) =>
  `${head('POST', target)}Content-Length: ${body.length}\r\n\r\n${body}`;
const chunked = (target, ...chunks) =>
  `${head('POST', target)}Transfer-Encoding: chunked\r\n\r\n` +
  [...chunks, ''].map((text) => `${text.length.toString(16)}\r\n${text}\r\n`).join('');
const last = get('text', 'Connection: close\r\n');

/** @param {string} text @param {number} size */
const inParts = (text, size) =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
    text.slice(i * size, (i + 1) * size),
  );

const pipelined = (name, requests, { size } = {}) => ({
  name: `S9.2 ${name}`,
  steps: async (t) => {
    const all = [...requests, last];
    const text = all.join('');
    await t.exchange({
      parts: size === undefined ? [text] : inParts(text, size),
      methods: all.map((request) => request.slice(0, request.indexOf(' '))),
    });
    await t.fetch('/log');
  },
});

export const cases = [
  pipelined('bodies one behind the other', [
    post('text?n=1', 'one'),
    chunked('text?n=2', 'tw', 'o'),
    get('text'),
    post('text?n=3', ''),
  ]),
  pipelined('the first takes longest', [
    post('text?n=1&ms=60', 'one'),
    post('text?n=2&ms=20', 'two'),
    post('text?n=3', 'three'),
  ]),
  // workerd ends the connection behind a chunked body that nobody reads, and behind an exception.
  pipelined('bodies that nobody reads', [
    post('unread?n=1', 'x'.repeat(5000)),
    post('unread?n=3&ms=20', 'GET / HTTP/1.1\r\nHost: b\r\n\r\n'),
  ]),
  pipelined('streamed answers', [
    get('stream'),
    post('stream?n=1', 'body'),
    get('stream?ms=20'),
    get('text'),
  ]),
  pipelined('bodies that are sent back', [
    post('echo?n=1', 'one'),
    chunked('echo?n=2', 'two', 'three'),
    post('echo?n=3', 'x'.repeat(9000)),
  ]),
  pipelined('answers without a body', [
    `${head('HEAD', 'stream')}\r\n`,
    get('none'),
    post('none?n=1', 'x'),
    `${head('HEAD', 'text')}\r\n`,
  ]),
  pipelined(
    'cut anywhere',
    [post('text?n=1', 'one'), chunked('echo?n=2', 'two', 'three'), get('stream')],
    { size: 23 },
  ),
  pipelined('byte by byte', [post('text?n=1', 'ab'), get('text')], { size: 1 }),
];
