// Raw requests: valid HTTP/1.1 as a seed determines it.
import { Random } from '../programs/random.js';
import { hostHeader } from './http-client.mjs';

const methods = [
  'GET',
  'GET',
  'POST',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'HEAD',
  'PURGE',
  'PROPFIND',
];
/** Without bytes that a server may refuse: http/targets has those. */
const segments = [
  'a',
  'b%20c',
  '%2e%2e',
  '..',
  '.',
  '',
  '%41',
  '%e4%b8%ad',
  '%FF',
  '%zz',
  '%',
  'x;y=1',
  "'",
  '<>',
  '{}',
  '|',
  '^',
  '~',
  '!$&()*+,;=:@',
  '[x]',
  '%2F',
  '%00',
  '%0a',
];
const queries = ['?', '?a=1&a=2', '?q=%20+x', '??', '?{}|^', '?%zz', '?a=http://x/y?z'];
const names = [
  'X-One',
  'x-one',
  'X-TWO',
  'X_under',
  'x.dot',
  "x!#$%&'*+-^`|~",
  'Accept',
  'Cookie',
  'Range',
  'User-Agent',
  'Referer',
  'Accept-Encoding',
  'If-None-Match',
  'Cache-Control',
  'Authorization',
  'Forwarded',
  'X-Forwarded-For',
  'Origin',
  'TE',
  'Via',
  'Date',
  'Keep-Alive',
  'CF-Connecting-IP',
  'Upgrade-Insecure-Requests',
];
const values = [
  '1',
  '',
  ' padded ',
  '\ttab\t',
  'a, b',
  'two  spaces',
  'é',
  '\xff\xfe',
  '"quoted"',
  'x'.repeat(4000),
  'a=b; c=d',
  'bytes=0-1',
  'in\tside',
  ':',
  'http://x/',
];
const bodies = ['', 'hello', '\x00\xff', 'x'.repeat(20_000), '{"a":1}', 'a=1&b=2'];
const types = [
  'text/plain',
  'application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=b',
  'nonsense',
];

function target(r) {
  const path = `/${Array.from({ length: r.below(4) }, () => r.pick(segments)).join('/')}`;
  const query = r.chance(40) ? r.pick(queries) : '';
  return r.chance(10) ? `http://${hostHeader}${path}${query}` : path + query;
}

function chunked(r, body) {
  let text = '';
  for (let at = 0; at < body.length;) {
    const size = Math.min(body.length - at, 1 + r.below(body.length));
    text += `${r.chance(50) ? size.toString(16) : size.toString(16).toUpperCase()}\r\n${body.slice(at, at + size)}\r\n`;
    at += size;
  }
  return `${text}0\r\n\r\n`;
}

/** workerd leaves out those that kj knows when they are empty; RFC 9110, 5.5 has them. @returns {[string, string]} */
function field(r) {
  const name = r.pick(names);
  const value = r.pick(values);
  return [name, value === '' && !/^x/i.test(name) ? '1' : value];
}

/** @returns {{method: string, text: string}} */
function request(r, isLast) {
  const method = r.pick(methods);
  const fields = [['Host', hostHeader], ...r.list(6, () => field(r))];
  fields.push(['X-Answer', String(r.below(100_000))]);
  const hasBody = !['GET', 'HEAD'].includes(method) && r.chance(70);
  let body = '';
  if (hasBody) {
    body = r.pick(bodies);
    if (r.chance(60)) fields.push(['Content-Type', r.pick(types)]);
    if (r.chance(50)) fields.push(['Content-Length', String(body.length)]);
    else {
      fields.push(['Transfer-Encoding', 'chunked']);
      body = chunked(r, body);
    }
  }
  if (isLast) fields.push(['Connection', 'close']);
  else if (r.chance(10)) fields.push(['Connection', 'keep-alive']);
  const separator = () => r.pick([': ', ':', ':  ', ':\t']);
  const head = fields.map(([name, value]) => `${name}${separator()}${value}\r\n`).join('');
  return { method, text: `${method} ${target(r)} HTTP/1.1\r\n${head}\r\n${body}` };
}

/** @param {number} seed @returns {{parts: string[], methods: string[]}} for exchange() */
export function rawRequests(seed) {
  const r = new Random(seed);
  const count = 1 + r.below(3);
  const requests = Array.from({ length: count }, (_, i) => request(r, i === count - 1));
  const text = requests.map((one) => one.text).join('');
  const cuts = r.list(3, () => r.below(text.length)).sort((a, b) => a - b);
  const parts = [...cuts, text.length].map((cut, i) => text.slice(i === 0 ? 0 : cuts[i - 1], cut));
  return { parts: parts.filter((part) => part !== ''), methods: requests.map((one) => one.method) };
}
