// The Worker: serves the page and passes everything about a room on to the room's object.
import page from './page.html';
import type { Env } from './env';
import { cleanRoomName } from './rules';

export { ChatRoom } from './room';
export { Lobby } from './lobby';

export default {
  async fetch(request, env): Promise<Response> {
    const url = new URL(request.url);
    const path = url.pathname.split('/').slice(1).map(decode);
    if (url.pathname === '/api/rooms') {
      return Response.json(await env.LOBBY.getByName('lobby').list(), { headers: NO_STORE });
    }
    if (path[0] === 'api' && path[1] === 'room' && path.length === 4) {
      return roomApi(request, env, path[2], path[3], url);
    }
    const isPage = url.pathname === '/' || (path[0] === 'room' && path.length === 2);
    if (!isPage) return text('There is nothing here.\n', 404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return text('GET only.\n', 405);
    if (path[0] === 'room') {
      const name = cleanRoomName(path[1]);
      if (name === null) return text(`${ROOM_NAME_RULE}\n`, 404);
      if (name !== path[1]) return redirect(new URL(`/room/${encodeURIComponent(name)}`, url));
    }
    return servePage();
  },
} satisfies ExportedHandler<Env>;

const ROOM_NAME_RULE = 'A room name has 1 to 40 letters, digits, hyphens and underscores.';
const NO_STORE = { 'Cache-Control': 'no-store' };

async function roomApi(
  request: Request,
  env: Env,
  rawName: string,
  action: string,
  url: URL,
): Promise<Response> {
  const name = cleanRoomName(rawName);
  if (name === null) return text(`${ROOM_NAME_RULE}\n`, 400);
  const room = env.ROOM.getByName(name);
  switch (action) {
    case 'socket':
      return room.fetch(request);
    case 'stats':
      return Response.json(await room.stats(), { headers: NO_STORE });
    case 'earlier': {
      const before = Number(url.searchParams.get('before'));
      if (!Number.isSafeInteger(before) || before < 1) return text('before=ID is missing.\n', 400);
      return Response.json(await room.earlier(before), { headers: NO_STORE });
    }
    default:
      return text('There is nothing here.\n', 404);
  }
}

/** The page, with a policy under which only its own script runs and only this server is talked to. */
function servePage(): Response {
  const nonce = crypto.randomUUID();
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return new Response(page.replaceAll('{{nonce}}', nonce), {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy.join('; '),
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      ...NO_STORE,
    },
  });
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '%';
  }
}

function redirect(to: URL): Response {
  return new Response(null, { status: 302, headers: { Location: to.pathname } });
}

function text(body: string, status: number): Response {
  return new Response(body, { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
}
