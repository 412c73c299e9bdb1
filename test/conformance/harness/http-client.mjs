// One HTTP request over a kept-alive connection, and what of the answer matters.
import http from 'node:http';

/** The Host of every request, so that `request.url` is the same on both runtimes. */
export const hostHeader = 'conformance.example';

const responseTimeoutMs = 30_000;
const comparedHeaders =
  /^(content-(type|language|disposition|encoding)|location|allow|set-cookie|cache-control|etag|vary|x-.*)$/;

/**
 * @typedef {object} RequestSpec
 * @property {string} path
 * @property {string} [method] default GET
 * @property {Record<string, string | string[]>} [headers]
 * @property {string | Uint8Array | (string | Uint8Array)[]} [body] an array is sent chunked
 *
 * @param {http.Agent} agent
 * @param {number} port
 * @param {RequestSpec} spec
 * @returns {Promise<{status: number, headers: [string, string][], body: string}>}
 */
export function sendRequest(agent, port, spec) {
  return new Promise((resolve, reject) => {
    const request = http.request({
      agent,
      port,
      host: '127.0.0.1',
      path: spec.path,
      method: spec.method ?? 'GET',
      headers: { host: hostHeader, ...spec.headers },
      timeout: responseTimeoutMs,
    });
    request.on('timeout', () => request.destroy(new Error(`no answer in ${responseTimeoutMs} ms`)));
    request.on('error', reject);
    request.on('response', (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          statusText: response.statusMessage,
          headers: selectHeaders(response.rawHeaders),
          body: showBody(Buffer.concat(chunks)),
        }),
      );
    });
    if (Array.isArray(spec.body)) {
      for (const chunk of spec.body) request.write(chunk);
      request.end();
    } else {
      request.end(spec.body);
    }
  });
}

/** Selected headers in name order; repeated ones keep their order. */
export function selectHeaders(rawHeaders) {
  const selected = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    if (comparedHeaders.test(name)) selected.push([name, rawHeaders[i + 1]]);
  }
  return selected.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function showBody(buffer) {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(buffer);
  } catch {
    return `bytes ${buffer.toString('hex')}`;
  }
}
