// Raw HTTP: bytes sent on a connection of their own, and the responses that come back, parsed.
import { once } from 'node:events';
import net from 'node:net';
import { selectHeaders } from './http-client.mjs';

const closedWithinMs = 4_000;

/**
 * @param {number} port
 * @param {string[]} parts latin1; a pause of a few milliseconds between them
 * @param {string[]} methods of the requests in them, in order
 * @param {object} [options]
 * @param {boolean} [options.showsLength] how the length of each body is told is in the lines, too
 * @param {'closes' | 'resets'} [options.leaves] how the client ends the connection after the last part
 * @returns {Promise<string[]>} the responses as lines, and how the connection ended
 */
export async function exchange(port, parts, methods, { showsLength = false, leaves } = {}) {
  const socket = net.connect(port, '127.0.0.1');
  const chunks = [];
  let ended = 'left open';
  const over = new Promise((resolve) => {
    const end = (how) => {
      ended = how;
      resolve();
    };
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => end('reset'));
    socket.on('end', () => end('closed'));
    socket.setTimeout(closedWithinMs, resolve);
  });
  try {
    await once(socket, 'connect');
    for (const [i, part] of parts.entries()) {
      if (i > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      socket.write(part, 'latin1');
    }
    if (leaves === 'closes') socket.end();
    if (leaves === 'resets') {
      socket.resetAndDestroy();
      return ['reset'];
    }
    await over;
  } finally {
    socket.destroy();
  }
  return [...responses(Buffer.concat(chunks).toString('latin1'), methods, showsLength), ended];
}

const lengthHeaders = /^(content-length|transfer-encoding)$/i;

/** @param {string} text @param {string[]} methods @param {boolean} showsLength @returns {string[]} */
function responses(text, methods, showsLength) {
  const lines = [];
  let rest = text;
  for (let i = 0; rest !== '';) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return [...lines, `rest ${JSON.stringify(rest)}`];
    const [statusLine, ...fields] = rest.slice(0, end).split('\r\n');
    rest = rest.slice(end + 4);
    const status = Number(statusLine.split(' ')[1]);
    lines.push(statusLine);
    if (status < 200) continue;
    const headers = fields.map(
      (field) => /^([^:]*):[ \t]*(.*?)[ \t]*$/.exec(field)?.slice(1) ?? [field, ''],
    );
    // What a server says of a request that it refuses is its own; it may not know the method.
    const isRefused = status >= 400 && isRefusal(headers);
    for (const [name, value] of isRefused ? [] : joined(selectHeaders(headers.flat()))) {
      lines.push(`  ${name}: ${value}`);
    }
    if (showsLength)
      for (const [name, value] of headers)
        if (lengthHeaders.test(name)) lines.push(`  ${name.toLowerCase()}: ${value}`);
    const isHead = methods[i++] === 'HEAD' && !(isRefused && rest !== '');
    const isBare = isHead || status === 204 || status === 304;
    const body = isBare ? { text: '', rest } : bodyOf(headers, rest);
    rest = body.rest;
    lines.push(
      ...(body.text === '' || isRefused ? [] : body.text.split('\n').map((line) => `  | ${line}`)),
    );
    if (body.isCut) lines.push('  cut short');
  }
  return lines;
}

/** A server's own answer has no header of an application. @param {[string, string][]} headers */
function isRefusal(headers) {
  return headers.every(([name, value]) => !/^x-/i.test(name) && !value.includes('charset'));
}

/** One line or several of the same name are the same (RFC 9110, 5.3). @param {[string, string][]} headers sorted */
function joined(headers) {
  const lines = new Map();
  for (const [name, value] of headers) {
    lines.set(name, lines.has(name) ? `${lines.get(name)}, ${value}` : value);
  }
  return lines;
}

function bodyOf(headers, rest) {
  const value = (wanted) => headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
  const length = value('content-length');
  if (value('transfer-encoding') === 'chunked') return chunkedBody(rest);
  if (length === undefined) return { text: rest, rest: '' };
  const size = Number(length);
  return { text: rest.slice(0, size), rest: rest.slice(size), isCut: rest.length < size };
}

function chunkedBody(rest) {
  let text = '';
  for (;;) {
    const end = rest.indexOf('\r\n');
    const size = Number.parseInt(rest, 16);
    if (end < 0 || Number.isNaN(size)) return { text, rest: '', isCut: true };
    rest = rest.slice(end + 2);
    text += rest.slice(0, size);
    rest = rest.slice(size + 2);
    if (size === 0) return { text, rest };
  }
}
