// An exchange whose bodies come in pieces, slowly or not, and which the client may leave in the middle.
import http from 'node:http';
import { Random } from '../programs/random.js';
import { hostHeader } from './http-client.mjs';

/** Between what depends on each other, on both runtimes. */
export const settledMs = 60;

const sizes = [0, 1, 5, 5, 40, 5_000, 70_000];

/** @typedef {{text: string, ms: number}} Piece */

/** @param {Random} r @param {number} max @returns {Piece[]} */
function pieces(r, max) {
  return r.list(max, (i) => ({
    text: String.fromCharCode(97 + i).repeat(r.pick(sizes)),
    ms: r.pick([0, 0, settledMs]),
  }));
}

/** A URL has no room for long bodies. */
const short = (list) => list.map(({ text, ms }) => ({ text: text.slice(0, 200), ms }));

function gives(r) {
  return {
    kind: r.pick(['text', 'pulled', 'pulled', 'written', 'written', 'fixed', 'none']),
    pieces: short(pieces(r, 4)),
    breaks: r.chance(10),
  };
}

/**
 * What is written first to who has left still goes to the network, which only then says that it is not wanted: an answer does not end
 * before that.
 * @param {{pieces: Piece[]}} given @param {number} leftMs after the beginning of the request
 */
function giveSlowly(given, leftMs) {
  while ((given.pieces.length - 2) * settledMs < leftMs) given.pieces.push({ text: 'more', ms: 0 });
  for (const piece of given.pieces.slice(1)) piece.ms = settledMs;
}

/** Here a body is asked for before an answer that is streamed, which may be made of it; workerd waits until somebody reads. */
function isStreamedUnread({ takes, gives, inner }) {
  if (takes === 'object') return isStreamedUnread(inner);
  if (takes === 'ignore') return !['text', 'none'].includes(gives.kind);
  return ['through', 'pump', 'result'].includes(takes);
}

/** Not at the same time as a piece of an answer. */
const leavingMs = 1.5 * settledMs;

const ways = ['ignore', 'text', 'drain', 'cancel', 'tee', 'clone', 'echo', 'through', 'pump'];
const waysBehind = ['object', 'object', 'argument', 'result'];

/**
 * @param {number} seed
 * @returns {{plan: object, method: string, framing: string, body: Piece[], expects: boolean, leaves?: {at: string, piece?: number}}}
 */
export function streamExchange(seed) {
  const r = new Random(seed);
  const name = `x${seed}`;
  const status = () => r.pick([200, 200, 200, 201, 204, 304, 404, 500]);
  const later = () => r.pick([0, 0, 2 * settledMs]);
  const plan = {
    name,
    takes: r.chance(65) ? r.pick(ways) : r.pick(waysBehind),
    status: status(),
    gives: gives(r),
    later: later(),
    inner: { name, takes: r.pick(ways), status: status(), gives: gives(r), later: later() },
  };
  for (const one of [plan, plan.inner]) {
    // A stream that came by RPC and that nobody reads is not cancelled here; a pipe that nobody reads never ends.
    const isBodiless = [204, 304].includes(one.status);
    if (isBodiless && ['result', 'pump'].includes(one.takes)) one.status = 200;
    // All of it may have left before it breaks off.
    if (one.gives.kind === 'fixed') one.gives.breaks = false;
  }
  const method = r.pick(['POST', 'POST', 'POST', 'PUT', 'GET', 'HEAD', 'DELETE']);
  const framing = ['GET', 'HEAD'].includes(method) ? 'none' : r.pick(['length', 'chunked', 'none']);
  const body = framing === 'none' ? [] : pieces(r, 4);
  const leaves = r.weighted([
    [7, undefined],
    [body.length > 0 ? 2 : 0, { at: 'request', piece: r.below(body.length + 1) }],
    [body.length === 0 ? 2 : 0, { at: 'response' }],
    [1, { at: 'waiting' }],
  ]);
  // Whether it is the body or the connection that fails first is a matter of time.
  if (leaves !== undefined && body.length > 0) plan.hears = plan.inner.hears = false;
  const sentMs = body.reduce((sum, { ms }) => sum + ms, 0);
  if (leaves !== undefined)
    for (const one of [plan, plan.inner]) giveSlowly(one.gives, sentMs + leavingMs);
  const expects = body.length > 0 && r.chance(15) && !isStreamedUnread(plan);
  return { plan, method, framing, body, expects, leaves };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const brief = (text) => (text.length < 60 ? text : `${text.slice(0, 20)}… ${text.length}`);

/**
 * @param {number} port
 * @param {ReturnType<typeof streamExchange>} exchange
 * @returns {Promise<string[]>} what the client saw
 */
export async function runStreamExchange(port, { plan, method, framing, body, expects, leaves }) {
  const lines = [];
  const headers = { host: hostHeader };
  if (framing === 'length')
    headers['content-length'] = String(body.reduce((sum, { text }) => sum + text.length, 0));
  if (framing === 'chunked') headers['transfer-encoding'] = 'chunked';
  if (expects) headers.expect = '100-continue';
  const path = `/${plan.name}?plan=${encodeURIComponent(JSON.stringify(plan))}`;
  const request = http.request({ port, host: '127.0.0.1', path, method, headers, agent: false });
  request.setNoDelay(true);
  const over = new Promise((resolve) => {
    request.on('error', (error) => {
      if (leaves === undefined) lines.push(`failed ${error.code}`);
      resolve();
    });
    request.on('close', resolve);
    // Whether all of a body that is sent back is here when that begins is a matter of time.
    const mayBeWhole = framing === 'chunked' && [plan.takes, plan.inner.takes].includes('echo');
    request.on('response', (response) => read(response, leaves, lines, mayBeWhole).then(resolve));
  });
  if (expects) {
    const invited = new Promise((resolve) => request.once('continue', () => resolve('100')));
    request.flushHeaders();
    lines.unshift(`invited: ${await Promise.race([invited, over.then(() => 'no'), pause(500)])}`);
  } else request.flushHeaders();
  for (const [i, { text, ms }] of body.entries()) {
    if (leaves?.at === 'request' && leaves.piece === i) break;
    if (ms > 0) await pause(ms);
    if (text !== '' && !request.destroyed) request.write(text);
  }
  if (leaves?.at === 'request') {
    await pause(leavingMs);
    request.destroy();
  } else request.end();
  if (leaves?.at === 'waiting') {
    await pause(settledMs / 2);
    request.destroy();
  }
  await Promise.race([over, pause(3_000)]);
  request.destroy();
  // How much of a body that breaks off is sent is a matter of time.
  const isBroken = plan.gives.breaks || plan.inner.gives.breaks;
  return isBroken && lines.some((line) => /^(cut|failed)/.test(line)) ? ['cut'] : lines;
}

/**
 * @param {http.IncomingMessage} response
 * @param {{at: string} | undefined} leaves
 * @param {string[]} lines
 * @param {boolean} mayBeWhole
 */
function read(response, leaves, lines, mayBeWhole) {
  const { statusCode, headers } = response;
  // How a body without bytes is framed depends on whether its end is known in time; so does the answer to HEAD.
  const framing = [...(mayBeWhole ? [] : ['content-length', 'transfer-encoding']), 'x-answer']
    .filter((name) => name in headers)
    .map((name) => `${name}: ${headers[name]}`);
  // When it leaves while it is answered, that is a matter of time.
  const isShown = leaves === undefined || leaves.at === 'response';
  let text = '';
  return new Promise((resolve) => {
    response.on('data', (chunk) => {
      text += chunk;
      if (leaves?.at === 'response') response.destroy();
    });
    response.on('error', () => {});
    response.on('close', () => {
      if (isShown) lines.push(`${statusCode} ${text === '' ? '' : framing.join(', ')}`);
      if (leaves === undefined) lines.push(`${response.complete ? 'all' : 'cut'} ${brief(text)}`);
      resolve();
    });
  });
}
