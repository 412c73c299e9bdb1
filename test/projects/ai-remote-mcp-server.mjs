// cloudflare/ai: demos/remote-mcp-server
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { ask } from './harness/talk.mjs';

const kRedirect = 'http://localhost/callback';

/** @type {import('./harness/serve-checkout.mjs').Driver} */
export default {
  folder: 'demos/remote-mcp-server',
  async converse({ url, restart }) {
    assert.match((await ask(url)).body, /MCP Remote Auth Demo/);
    assert.equal((await ask(`${url}/mcp`, { method: 'POST', body: '{}' })).status, 401);
    const token = await authorize(url);
    const session = await initialize(url, token);
    assert.equal(await add(url, token, session, 2, 3), '5');
    // Token, grant and session are stored.
    assert.equal(await add(await restart(), token, session, 20, 3), '23');
  },
};

/** The whole of OAuth 2.1, with PKCE. @param {string} url @returns {Promise<string>} an access token */
async function authorize(url) {
  const client = await post(url, '/register', {
    redirect_uris: [kRedirect],
    client_name: 'driver',
    token_endpoint_auth_method: 'none',
  });
  const verifier = randomBytes(32).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: kRedirect,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    scope: 'read_data',
    state: 's',
  });
  const page = (await ask(`${url}/authorize?${query}`)).body;
  const info = /name="oauthReqInfo" value="([^"]*)"/.exec(page)?.[1].replaceAll('&quot;', '"');
  const approved = await ask(`${url}/approve`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(
      new URLSearchParams({
        action: 'approve',
        email: 'user@example.com',
        oauthReqInfo: String(info).replaceAll('&amp;', '&'),
      }),
    ),
  });
  const to = /data-redirect-url="([^"]*)"/.exec(approved.body)?.[1].replaceAll('&amp;', '&');
  const code = new URL(String(to)).searchParams.get('code');
  const { status, body } = await ask(`${url}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: String(
      new URLSearchParams({
        grant_type: 'authorization_code',
        code: String(code),
        client_id: client.client_id,
        redirect_uri: kRedirect,
        code_verifier: verifier,
      }),
    ),
  });
  assert.equal(status, 200, body);
  return JSON.parse(body).access_token;
}

/** @param {string} url @param {string} path @param {object} body */
async function post(url, path, body) {
  const headers = { 'content-type': 'application/json' };
  const answer = await ask(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.equal(answer.status, 201, answer.body);
  return JSON.parse(answer.body);
}

/** @param {string} token @param {string} [session] @param {object} [message] */
const message = (token, session, message) => ({
  method: 'POST',
  headers: {
    authorization: `Bearer ${token}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    ...(session === undefined ? {} : { 'mcp-session-id': session }),
  },
  body: JSON.stringify({ jsonrpc: '2.0', ...message }),
});

/** @param {string} url @param {string} token @returns {Promise<string>} the session */
async function initialize(url, token) {
  const params = {
    protocolVersion: '2025-03-26',
    capabilities: {},
    clientInfo: { name: 'driver', version: '1' },
  };
  const answer = await ask(
    `${url}/mcp`,
    message(token, undefined, { id: 1, method: 'initialize', params }),
  );
  assert.equal(answer.status, 200, answer.body);
  const session = String(answer.headers.get('mcp-session-id'));
  const told = await ask(
    `${url}/mcp`,
    message(token, session, { method: 'notifications/initialized' }),
  );
  assert.equal(told.status, 202, told.body);
  return session;
}

/** @param {string} url @param {string} token @param {string} session @param {number} a @param {number} b */
async function add(url, token, session, a, b) {
  const params = { name: 'add', arguments: { a, b } };
  const { status, body } = await ask(
    `${url}/mcp`,
    message(token, session, { id: 2, method: 'tools/call', params }),
  );
  assert.equal(status, 200, body);
  const { result } = JSON.parse(String(/^data: (.*)$/m.exec(body)?.[1]));
  return result.content[0].text;
}
