// An object that writes down, in storage, what its sockets tell it and how often it was made: for what arrives together, in pieces, or
// while nobody is there.
import { DurableObject } from 'cloudflare:workers';
import { attemptSync, show } from '../probe.js';

const line = (value) => {
  const text = show(value).replaceAll(/\n */g, ' ');
  return text.length < 100 ? text : `${text.slice(0, 40)}… ${text.length}`;
};

export class Diary extends DurableObject {
  constructor(ctx, env) {
    super(ctx, env);
    const { kv } = ctx.storage;
    kv.put('lives', (kv.get('lives') ?? 0) + 1);
    this.#note(
      '*',
      `life ${kv.get('lives')} with ${ctx.getWebSockets().map((ws) => `${this.#nameOf(ws)}:${ws.readyState}`)}`,
    );
    this.#begin(kv.get('begins'));
  }

  /** How the next constructors begin: `kind` and for how many lives. */
  #begin(plan) {
    const { kv } = this.ctx.storage;
    if (!plan || plan.lives === 0) return;
    kv.put('begins', { ...plan, lives: plan.lives - 1 });
    if (plan.kind === 'throws') throw new Error('out of a constructor');
    this.ctx.blockConcurrencyWhile(async () => {
      this.#note('*', 'section open');
      await scheduler.wait(150);
      this.#note('*', `section over with ${this.ctx.getWebSockets().length}`);
      if (plan.kind === 'fails') throw new Error('out of a section');
    });
  }

  fetch(request) {
    const { searchParams } = new URL(request.url);
    const [client, server] = Object.values(new WebSocketPair());
    const name = searchParams.get('name');
    this.ctx.acceptWebSocket(server);
    server.serializeAttachment(name);
    if (searchParams.has('auto'))
      this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('ping', 'pong'));
    return new Response(null, { status: 101, webSocket: client });
  }

  webSocketMessage(ws, message) {
    this.#note(this.#nameOf(ws), `message ${line(message)}; ${ws.readyState}`);
    if (message === 'slow') {
      return scheduler.wait(60).then(() => this.#note(this.#nameOf(ws), 'slow is over'));
    }
    if (message === 'abort') this.ctx.abort('asked to');
    if (message === 'close') ws.close(4000, 'as asked');
    if (message === 'close all')
      for (const one of this.ctx.getWebSockets()) one.close(4001, 'all of you');
    if (message === 'echo') ws.send('echo');
    return undefined;
  }

  webSocketClose(ws, code, reason, wasClean) {
    const before = ws.readyState;
    const closed = code === 4444 ? 'left open' : line(attemptSync(() => ws.close(1000, 'answer')));
    const after = `${ws.readyState} ${line(attemptSync(() => ws.send('late')))}`;
    this.#note(
      this.#nameOf(ws),
      `close ${code} ${line(reason)} ${wasClean}; ${before} ${closed} ${after}`,
    );
  }

  webSocketError(ws, error) {
    this.#note(this.#nameOf(ws), `error ${line(error)}; ${ws.readyState}`);
  }

  plan(kind, lives) {
    this.ctx.storage.kv.put('begins', { kind, lives });
  }

  stop() {
    this.ctx.abort('from outside');
  }

  shown() {
    const logs = [...this.ctx.storage.kv.list({ prefix: 'log ' })];
    return [...logs.flatMap(([name, log]) => [name.slice(4), ...log.map((text) => `  ${text}`)])];
  }

  counts() {
    const { kv } = this.ctx.storage;
    const closes = [...kv.list({ prefix: 'log s' })].map(
      ([, log]) => log.filter((text) => text.startsWith('close')).length,
    );
    return {
      lives: kv.get('lives'),
      open: this.ctx.getWebSockets().length,
      closes: closes.reduce((sum, count) => sum + count, 0),
    };
  }

  #nameOf(ws) {
    return ws.deserializeAttachment();
  }

  #note(name, text) {
    const key = `log ${name}`;
    this.ctx.storage.kv.put(key, [...(this.ctx.storage.kv.get(key) ?? []), text]);
  }
}

export default {
  async fetch(request, env) {
    const { pathname, searchParams } = new URL(request.url);
    const [, name, what] = pathname.split('/');
    const diary = env.DIARY.getByName(name);
    switch (what) {
      case 'shown':
        return new Response((await diary.shown()).join('\n'));
      case 'counts':
        return Response.json(await diary.counts());
      case 'plan':
        await diary.plan(searchParams.get('kind'), Number(searchParams.get('lives')));
        return new Response('planned');
      case 'stop':
        return new Response(
          await diary.stop().then(
            () => 'stopped',
            (error) => error.message,
          ),
        );
      default:
        return diary.fetch(request);
    }
  },
};
