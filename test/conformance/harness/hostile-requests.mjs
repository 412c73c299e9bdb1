// Hostile requests: valid requests of which a seed has damaged one, or written it in an unusual way.
import { Random } from '../programs/random.js';
import { hostHeader } from './http-client.mjs';
import { mutations } from './hostile-mutations.mjs';

/**
 * @typedef {object} Draft a request before it becomes bytes
 * @property {string} method
 * @property {string} target
 * @property {string} version
 * @property {string} lead what stands before the request line
 * @property {string[]} fields whole lines without their end
 * @property {string} body as it stands on the wire
 * @property {string} eol
 * @property {(text: string) => string} [damage] of the whole text
 * @property {'closes' | 'resets'} [leaves] how the client ends the connection after its last byte
 */

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'HEAD'];
const bodies = ['', 'hello', 'a=1&b=2', 'x'.repeat(3000), 'GET /inner HTTP/1.1\r\nHost: b\r\n\r\n'];

/** @param {Random} r @param {number} i @returns {Draft} */
function draft(r, i) {
  const method = r.pick(methods);
  const fields = [`Host: ${hostHeader}`, ...r.list(3, (k) => `X-Given-${k}: ${r.below(100)}`)];
  let body = '';
  if (!['GET', 'HEAD'].includes(method)) {
    body = r.pick(bodies);
    if (r.chance(50)) fields.push(`Content-Length: ${body.length}`);
    else {
      fields.push('Transfer-Encoding: chunked');
      body = chunked(r, body);
    }
  }
  return { method, target: `/r${i}`, version: 'HTTP/1.1', lead: '', fields, body, eol: '\r\n' };
}

function chunked(r, body) {
  let text = '';
  for (let at = 0; at < body.length;) {
    const size = Math.min(body.length - at, 1 + r.below(body.length));
    text += `${size.toString(16)}\r\n${body.slice(at, at + size)}\r\n`;
    at += size;
  }
  return `${text}0\r\n\r\n`;
}

function written({ method, target, version, lead, fields, body, eol, damage = (text) => text }) {
  const line = [method, target, version].join(' ');
  return damage(`${lead}${line}${eol}${fields.map((field) => field + eol).join('')}${eol}${body}`);
}

/**
 * @param {number} seed
 * @returns {{name: string, refusal?: string, target: string, before: number, parts: string[], methods: string[], leaves?: string}}
 *   name: what was done; refusal: the clause that lets a server refuse it; target: its own; before: valid requests ahead of it
 */
export function hostileRequests(seed) {
  const r = new Random(seed);
  const before = r.below(3);
  const drafts = Array.from({ length: before + 2 }, (_, i) => draft(r, i));
  const chosen = mutations[seed % mutations.length];
  const { name = chosen.name, refusal } = chosen.apply(drafts[before], r) ?? {};
  const { leaves } = drafts[before];
  if (leaves) drafts.pop();
  else drafts.at(-1).fields.push('Connection: close');
  const text = drafts.map(written).join('');
  const cuts = r.list(3, () => r.below(text.length)).sort((a, b) => a - b);
  const parts = [...cuts, text.length].map((cut, i) => text.slice(i === 0 ? 0 : cuts[i - 1], cut));
  return {
    name: `${chosen.name}${name === chosen.name ? '' : ` ${name}`}`,
    refusal,
    target: drafts[before].target,
    before,
    parts: parts.filter((part) => part !== ''),
    methods: drafts.map(({ method }) => method),
    leaves,
  };
}
