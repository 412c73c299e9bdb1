// tldraw/tldraw-sync-cloudflare, built with its own `vite build`
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { ask, openJsonSocket, packageOf } from './harness/talk.mjs';

const image = randomBytes(5000).toString('base64');

/** @param {string} url */
async function uploads(url) {
  const upload = `${url}/api/uploads/picture`;
  const put = (/** @type {string} */ type) =>
    ask(upload, { method: 'POST', body: image, headers: { 'content-type': type } });
  assert.equal((await ask(upload)).status, 404);
  assert.equal((await put('text/html')).status, 400);
  assert.equal((await put('image/png')).status, 200);
  assert.equal((await put('image/png')).status, 409);
  return upload;
}

/** @param {string} upload url of what was uploaded */
async function downloads(upload) {
  const part = await ask(upload, { headers: { range: 'bytes=10-19' } });
  assert.deepEqual([part.status, part.body], [206, image.slice(10, 20)]);
  assert.equal(part.headers.get('content-range'), `bytes 10-19/${image.length}`);
  const whole = await ask(upload);
  assert.deepEqual([whole.status, whole.body], [200, image]);
  assert.equal(whole.headers.get('content-type'), 'image/png');
  const unchanged = { 'if-none-match': whole.headers.get('etag') ?? '' };
  assert.equal((await ask(upload, { headers: unchanged })).status, 304);
}

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  async converse({ url, folder, restart }) {
    // A page that a browser goes to; anything else is the Worker's (assets_navigation_prefers_asset_serving).
    const visit = { headers: { 'sec-fetch-mode': 'navigate' } };
    assert.match(
      (await ask(`${url}/a-room`, visit)).headers.get('content-type') ?? '',
      /^text\/html/,
    );
    const upload = await uploads(url);
    await downloads(upload);

    const { createTLSchema, defaultShapeSchemas } = packageOf(folder, '@tldraw/tlschema');
    const { getTlsyncProtocolVersion } = packageOf(folder, '@tldraw/sync-core');
    const connect = async (/** @type {string} */ base, /** @type {string} */ sessionId) => {
      const socket = await openJsonSocket(`${base}/api/connect/a-room?sessionId=${sessionId}`);
      socket.send({
        type: 'connect',
        connectRequestId: sessionId,
        lastServerClock: 0,
        protocolVersion: getTlsyncProtocolVersion(),
        schema: createTLSchema({ shapes: { ...defaultShapeSchemas } }).serialize(),
      });
      const welcome = await socket.until((message) => message.type === 'connect');
      assert.equal(welcome.connectRequestId, sessionId);
      return { socket, diff: welcome.diff };
    };
    assert.equal((await ask(`${url}/api/connect/a-room`)).status, 400);
    const { socket: ann } = await connect(url, 'ann');
    const { socket: ben } = await connect(url, 'ben');
    ann.send({ type: 'ping' });
    await ann.until((message) => message.type === 'pong');
    const page = { id: 'page:ours', typeName: 'page', name: 'Ours', index: 'a2', meta: {} };
    ann.send({ type: 'push', clientClock: 1, diff: { [page.id]: ['put', page] } });
    const heard = await ben.until((message) => JSON.stringify(message).includes(page.id));
    assert.equal(heard.type, 'data');
    ann.terminate();
    ben.terminate();

    const next = await restart();
    const { socket: late, diff } = await connect(next, 'late');
    assert.deepEqual(diff[page.id], ['put', page], 'the page is kept');
    late.terminate();
    await downloads(`${next}/api/uploads/picture`);
  },
};
