// An object that writes down what its sockets tell it, in storage, and does what text messages say. Its instances come and go.
import { DurableObject } from 'cloudflare:workers';
import { attemptSync, show } from '../probe.js';

const line = (value) => {
  const text = show(value).toWellFormed().replaceAll(/\n */g, ' ');
  return text.length < 160 ? text : `${text.slice(0, 60)}… ${text.length}`;
};

export class Diary extends DurableObject {
  #standard = new Map();

  constructor(ctx, env) {
    super(ctx, env);
    const born = ctx.getWebSockets().map((ws) => `${this.#nameOf(ws)}:${ws.readyState}`);
    const kv = ctx.storage.kv;
    kv.put('lives', (kv.get('lives') ?? 0) + 1);
    // The order of the lives of an object is that of its events: each is told of in all diaries.
    for (const name of kv.get('names') ?? [])
      this.#note(name, `life ${kv.get('lives')} with ${born}`);
  }

  fetch(request) {
    const { searchParams } = new URL(request.url);
    const plan = JSON.parse(searchParams.get('plan'));
    const { name } = plan;
    const kv = this.ctx.storage.kv;
    kv.put('names', [...(kv.get('names') ?? []), name]);
    const [client, server] = Object.values(new WebSocketPair());
    if (plan.kind === 'standard') {
      this.#standard.set(name, server);
      server.accept();
      server.addEventListener('message', ({ data }) => this.#told(name, server, 'message', [data]));
      server.addEventListener('close', ({ code, reason, wasClean }) =>
        this.#told(name, server, 'close', [code, reason, wasClean]),
      );
      server.addEventListener('error', ({ message }) =>
        this.#told(name, server, 'error', [message]),
      );
    } else {
      this.ctx.acceptWebSocket(server, plan.tags);
      server.serializeAttachment({ name, closes: plan.closes });
    }
    this.#note(name, `opened ${plan.kind}`);
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(ws, message) {
    return this.#told(this.#nameOf(ws), ws, 'message', [message]);
  }

  webSocketClose(ws, code, reason, wasClean) {
    this.#told(this.#nameOf(ws), ws, 'close', [code, reason, wasClean]);
    const { closes } = ws.deserializeAttachment();
    if (closes === 'throws') throw new Error('out of webSocketClose');
    if (closes)
      this.#note(this.#nameOf(ws), `answers ${line(attemptSync(() => ws.close(...closes)))}`);
  }

  webSocketError(ws, error) {
    this.#told(this.#nameOf(ws), ws, 'error', [error]);
  }

  shown() {
    const { kv } = this.ctx.storage;
    return (kv.get('names') ?? []).map((name) => [name, kv.get(`log ${name}`)]);
  }

  #nameOf(ws) {
    return ws.deserializeAttachment()?.name;
  }

  #note(name, text) {
    // An error that workerd lets follow a close, or not (S6.6.5).
    if (text.startsWith('error "Uncaught Error: Network connection lost."')) return;
    const key = `log ${name}`;
    this.ctx.storage.kv.put(key, [...(this.ctx.storage.kv.get(key) ?? []), text]);
  }

  #told(name, ws, type, what) {
    this.#note(name, `${type} ${what.map(line).join(' ')}; ${ws.readyState}`);
    const [data] = what;
    if (type !== 'message') return;
    if (typeof data !== 'string' || !data.startsWith('!')) return;
    for (const step of JSON.parse(data.slice(1))) {
      const outcome = attemptSync(() => this.#do(ws, step));
      this.#note(name, `${step[0]} -> ${line(outcome)}; ${ws.readyState}`);
    }
  }

  #do(ws, [does, ...args]) {
    const { ctx } = this;
    switch (does) {
      case 'send':
        return ws.send(args[0]);
      case 'bytes':
        return ws.send(new Uint8Array(args[0]));
      case 'close':
        return ws.close(...args);
      case 'all':
        for (const one of ctx.getWebSockets(...args)) one.send(`to all of ${args}`);
        return undefined;
      case 'list':
        return ctx.getWebSockets(...args).map((one) => `${this.#nameOf(one)}:${one.readyState}`);
      case 'tags':
        return ctx.getTags(ws);
      case 'attach':
        return ws.serializeAttachment({ ...ws.deserializeAttachment(), more: args[0] });
      case 'attachment':
        return ws.deserializeAttachment();
      case 'auto':
        return ctx.setWebSocketAutoResponse(
          args.length === 0 ? undefined : new WebSocketRequestResponsePair(...args),
        );
      case 'auto?':
        return ctx.getWebSocketAutoResponse()?.response;
      case 'stamp':
        return typeof ctx.getWebSocketAutoResponseTimestamp(ws)?.getTime();
      case 'state':
        return [ws.readyState, ws.url, ws.protocol, ws.extensions];
      case 'throw':
        throw new Error('within a step');
      default:
        throw new TypeError(`no step ${does}`);
    }
  }
}

export default {
  async fetch(request, env) {
    const [, seed, what] = new URL(request.url).pathname.split('/');
    const diary = env.DIARY.getByName(seed);
    if (what !== 'shown') return diary.fetch(request);
    return new Response(
      (await diary.shown())
        .flatMap(([name, log]) => [name, ...log.map((text) => `  ${text}`)])
        .join('\n'),
    );
  },
};
