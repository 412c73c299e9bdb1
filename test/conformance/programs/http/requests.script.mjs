export const config = { bindings: { SERVER: 'Server' }, classes: { Server: { sqlite: true } } };

const boundary = 'conformance-boundary';
const multipart = [
  `--${boundary}`,
  'Content-Disposition: form-data; name="field"',
  '',
  'value é',
  `--${boundary}`,
  'Content-Disposition: form-data; name="file"; filename="a.txt"',
  'Content-Type: text/plain',
  '',
  'file text',
  `--${boundary}--`,
  '',
].join('\r\n');

/** Sent to the Worker itself and, through stub.fetch, to an object. */
const requests = {
  text: { path: '/text' },
  'an empty body': { path: '/empty' },
  204: { path: '/no-content' },
  'Response.json': { path: '/json' },
  'Response.json with a type': { path: '/json-type' },
  'a content type of its own': { path: '/html' },
  bytes: { path: '/bytes' },
  'URLSearchParams as body': { path: '/params' },
  'a Blob as body': { path: '/blob' },
  'Response.redirect': { path: '/redirect' },
  'a status of its own': { path: '/status' },
  404: { path: '/not-found' },
  'several cookies': { path: '/cookies' },
  'header values beyond ASCII': { path: '/wide-headers' },
  'header values beyond ASCII in a request': {
    path: '/headers',
    // Node sends one byte for each character: these are the bytes of UTF-8.
    headers: {
      'x-wide': Buffer.from('caf\u00e9 \u65e5').toString('latin1'),
      'x-broken': 'caf\u00e9',
    },
  },
  'a streamed body': { path: '/stream' },
  'a ReadableStream as body': { path: '/readable' },
  'a large body': { path: '/large' },
  HEAD: { path: '/text', method: 'HEAD' },
  POST: {
    path: '/echo',
    method: 'POST',
    body: 'posted é',
    headers: { 'content-type': 'text/plain' },
  },
  PUT: { path: '/echo', method: 'PUT', body: 'put' },
  DELETE: { path: '/echo', method: 'DELETE' },
  PATCH: { path: '/echo', method: 'PATCH', body: '{}' },
  OPTIONS: { path: '/echo', method: 'OPTIONS' },
  'a chunked request': { path: '/echo', method: 'POST', body: ['one ', 'two ', 'three'] },
  'a body passed through': { path: '/echo-stream', method: 'POST', body: 'x'.repeat(200_000) },
  'a large request': { path: '/length', method: 'POST', body: Buffer.alloc(3_000_000) },
  'the URL as sent': { path: '/url?a=1&b=%20%C3%A9&c=a+b' },
  'an encoded path': { path: '/do%2Furl/..%2f' },
  'request headers': {
    path: '/headers',
    headers: {
      'X-Custom': 'Value',
      'x-two': ['a', 'b'],
      accept: 'text/*',
      cookie: 'a=1; b=2',
      'user-agent': 'conformance',
    },
  },
  'a form': {
    path: '/form',
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: 'a=1&b=two+words&a=%C3%A9',
  },
  'a multipart form': {
    path: '/form',
    method: 'POST',
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: multipart,
  },
  'JSON in': { path: '/json-in', method: 'POST', body: '{"a":[1]}' },
  'bad JSON in': { path: '/json-in', method: 'POST', body: '{"a":' },
  'a body read twice': { path: '/used-twice', method: 'POST', body: 'x' },
  'a cloned request': { path: '/clone', method: 'POST', body: 'cloned' },
};

const inWorker = Object.entries(requests).map(([name, request]) => ({
  name: `S9.1.1 ${name}`,
  request,
}));
const inObject = Object.entries(requests).map(([name, request]) => ({
  name: `S1.8.1 ${name}, through a stub`,
  request: { ...request, path: `/do${request.path}` },
}));

export const cases = [
  ...inWorker,
  ...inObject,
  { name: 'S9.1.1 a 500 of its own', request: { path: '/own-500' }, status: 500 },
];
