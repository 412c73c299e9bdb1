// What the generated programs about Request and Response choose from.

export const statuses = [
  undefined,
  200,
  201,
  204,
  205,
  304,
  101,
  100,
  199,
  299.9,
  600,
  99,
  404,
  500,
  599,
  '202',
  NaN,
  null,
  'x',
  -1,
  {},
];
export const texts = [undefined, '', 'OK', 'Not é', 'a\nb', '\u0100', 5, null];
export const methods = [
  'get',
  'GET',
  'post',
  'PUT',
  'patch',
  'DELETE',
  'HEAD',
  'options',
  'CONNECT',
  'TRACE',
  'propfind',
  'X y',
  '',
  null,
];
export const redirects = ['follow', 'manual', 'error', 'x', null];
export const caches = [
  'no-store',
  'no-cache',
  'default',
  'reload',
  'force-cache',
  'only-if-cached',
  'x',
  null,
];
export const headerInits = [
  { a: '1' },
  { 'Content-Type': 'application/x-www-form-urlencoded' },
  { 'content-type': 'multipart/form-data; boundary=B' },
  { 'content-type': 'multipart/form-data' },
  { 'content-type': 'text/PLAIN;  charset=utf-8' },
  { 'content-type': 'application/json' },
  [
    ['set-cookie', 'a'],
    ['set-cookie', 'b'],
  ],
  [['a']],
  { 'x y': '1' },
  null,
  5,
  'a',
  new Headers({ b: '2' }),
];
export const addresses = [
  'http://u.x/',
  'http://u.x/p q?é#f',
  'https://user:pw@u.x/',
  'relative',
  '',
  'ftp://u.x/',
  'http://',
  'mailto:x',
  'HTTP://U.X:80/../a',
];
const multipart = (lines) => lines.join('\r\n');
export const bodies = [
  'text',
  '',
  'é😀',
  '\ufeffbom',
  '{"a":1}',
  '{"a":',
  '[1,2]',
  'null',
  '"s"',
  'a=1&b=%C3%A9&a=+2',
  'a',
  '=',
  '&&',
  '%zz=%',
  multipart(['--B', 'Content-Disposition: form-data; name="a"', '', '1', '--B--', '']),
  multipart([
    '--B',
    'content-disposition: form-data; name="f"; filename="x.txt"',
    'content-type: text/x',
    '',
    'l1',
    'l2',
    '--B',
    'Content-Disposition: form-data; name=b',
    '',
    '',
    '--B--',
  ]),
  multipart([
    '--B',
    'Content-Disposition: form-data; name="é"; filename=""',
    '',
    'x',
    '--B--',
    'epilogue',
  ]),
  multipart(['pre', '--B', 'Content-Disposition: form-data; name="a%22b"', '', 'x', '--B--', '']),
  multipart(['--B', 'Content-Disposition: form-data', '', 'x', '--B--', '']),
  multipart(['--B', 'Content-Disposition: form-data; name="a"', '', 'cut']),
  multipart(['--B', 'Content-Disposition: attachment; name="a"', '', 'x', '--B--', '']),
  multipart(['--B', 'Content-Type: text/plain', '', 'x', '--B--', '']),
  '--B--\r\n',
  '--B--',
  '--B\r\n',
  multipart(['--B', 'Content-Disposition: form-data; name="a"\r\n\r\n--B--\r\n']),
  '--B\nContent-Disposition: form-data; name="a"\n\nx\n--B--\n',
];

/** Bodies that are made anew each time. */
export const makers = {
  bytes: () => new Uint8Array([104, 105]),
  view: () => new DataView(new Uint8Array([1, 0xff, 0xfe]).buffer, 1),
  buffer: () => new Uint8Array([0xff, 65]).buffer,
  empty: () => new Uint8Array(),
  words: () => new Uint16Array([65, 66]),
  blob: () => new Blob(['bl', 'ob'], { type: 'Text/X; a=B' }),
  untyped: () => new Blob(['blob']),
  params: () => new URLSearchParams({ a: '1 é' }),
  stream: () =>
    streamOf([new Uint8Array([115]), new Uint8Array([116, 0xc3]), new Uint8Array([0xa9])]),
  strings: () => streamOf(['s']),
  numbers: () => streamOf([5]),
  buffers: () => streamOf([new Uint8Array([1, 2]).buffer, new Uint16Array([65])]),
  failing: () =>
    new ReadableStream({
      pull: (controller) => controller.error(new RangeError('from the source')),
    }),
  failingLater: () => {
    let n = 0;
    return new ReadableStream({
      pull: (controller) =>
        n++ ? controller.error('text') : controller.enqueue(new Uint8Array([1])),
    });
  },
  locked: () => {
    const stream = streamOf([]);
    stream.getReader();
    return stream;
  },
  disturbed: () => {
    const stream = streamOf([new Uint8Array([1])]);
    void stream.cancel();
    return stream;
  },
  bodyOfResponse: () => new Response('of another').body,
  null: () => null,
  undefined: () => undefined,
  number: () => 5,
  object: () => ({}),
  array: () => ['x', 'y'],
  date: () => new Date(5).toISOString(),
};

function streamOf(chunks) {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}
