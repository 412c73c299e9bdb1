// Says what it sees of a request, in a response whose shape the header X-Answer determines.
import { Random } from '../random.js';

const statuses = [200, 200, 200, 201, 202, 204, 205, 206, 301, 304, 400, 404, 418, 500, 503];
const statusTexts = [undefined, undefined, 'Fine', 'Not Ok at all'];
const headers = [
  ['X-Shown', 'a'],
  ['X-Shown', 'b'],
  ['X-Empty', ''],
  ['X-Latin', 'é'],
  ['X-Padded', '  p  '],
  ['Set-Cookie', 'a=1'],
  ['Set-Cookie', 'b=2'],
  ['Content-Type', 'text/odd'],
  ['Content-Language', 'de'],
  ['Cache-Control', 'no-store'],
  ['ETag', '"x"'],
  ['Location', '/elsewhere'],
  ['Vary', 'x'],
  ['X-Date', 'now'],
];

const encode = (text) => new TextEncoder().encode(text);

function streamOf(pieces) {
  return new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(encode(piece));
      controller.close();
    },
  });
}

async function seen(request, r) {
  const { method, url, headers, redirect, body } = request;
  const how = r.weighted([
    [5, 'text'],
    [1, 'arrayBuffer'],
    [1, 'formData'],
  ]);
  let read;
  try {
    const got = await request[how]();
    if (how === 'text') read = got.length < 100 ? got : got.length;
    else if (how === 'formData') read = [...got];
    else read = got.byteLength;
  } catch (error) {
    read = `${error.name}: ${error.message}`;
    // workerd closes a connection whose request was not read.
    if (!request.bodyUsed) await request.text();
  }
  const hasBody = body !== null;
  const shown = [...headers].map(([name, value]) => [
    name,
    value.length < 100 ? value : value.length,
  ]);
  return JSON.stringify({ method, url, redirect, hasBody, how, read, shown }, null, 1);
}

function responseBody(text, status, r) {
  if ([101, 204, 205, 304].includes(status)) return null;
  return r.weighted([
    [5, text],
    [1, encode(text)],
    [1, new Blob([text])],
    [2, streamOf([text])],
    [2, streamOf([text.slice(0, 20), text.slice(20)])],
    [1, streamOf([])],
    [1, null],
    [1, ''],
    [1, new URLSearchParams({ a: 'b c' })],
  ]);
}

export default {
  async fetch(request) {
    const r = new Random(Number(request.headers.get('X-Answer')));
    const text = await seen(request, r);
    const status = r.pick(statuses);
    const statusText = r.pick(statusTexts);
    const init = { status, headers: r.list(5, () => r.pick(headers)) };
    if (statusText !== undefined) init.statusText = statusText;
    try {
      return new Response(responseBody(text, status, r), init);
    } catch (error) {
      return new Response(`${error.name}: ${error.message}\n${text}`);
    }
  },
};
