import { DurableObject } from 'cloudflare:workers';
import { show } from '../probe.js';

/** Counts its lives in storage, so that a message can tell whether the object was discarded in between. */
export class Sleeper extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    this.bornWith = ctx.getWebSockets().length;
    ctx.storage.kv.put('lives', (ctx.storage.kv.get('lives') ?? 0) + 1);
    this.memory = 0;
  }

  async fetch(request) {
    const url = new URL(request.url);
    this.memory++;
    if (request.headers.get('Upgrade') !== 'websocket') return Response.json(this.#state());
    const [client, server] = Object.values(new WebSocketPair());
    if (url.searchParams.has('standard')) {
      server.accept();
      server.addEventListener('message', () => server.send(show(this.#state())));
    } else {
      this.ctx.acceptWebSocket(server, ['tag', url.searchParams.get('name')]);
      server.serializeAttachment({ name: url.searchParams.get('name'), n: 1n });
      server.expando = 'lost in hibernation';
      this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
      if (url.searchParams.has('timer')) this.timer = setInterval(() => {}, 1000);
    }
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(ws, message) {
    ws.send(
      show({
        message,
        ...this.#state(),
        tags: this.ctx.getTags(ws),
        attachment: ws.deserializeAttachment(),
        expando: ws.expando,
        order: this.ctx.getWebSockets().map((socket) => socket.deserializeAttachment().name),
        auto: this.ctx.getWebSocketAutoResponse()?.response,
        stamped: this.ctx.getWebSocketAutoResponseTimestamp(ws) !== null,
      }),
    );
    clearInterval(this.timer);
  }

  webSocketClose(ws, code, reason) {
    this.ctx.storage.kv.put('closed', `${code} ${reason} ${ws.deserializeAttachment().name}`);
    ws.close(code, 'answered');
  }

  #state() {
    return {
      lives: this.ctx.storage.kv.get('lives'),
      bornWith: this.bornWith,
      memory: this.memory,
      name: this.ctx.id.name,
      closed: this.ctx.storage.kv.get('closed'),
    };
  }
}

export default {
  fetch(request, env) {
    return env.SLEEPER.getByName(new URL(request.url).pathname).fetch(request);
  },
};
