// What reaches a socket before the answer of the call in which it was sent does.
import { DurableObject, WorkerEntrypoint } from 'cloudflare:workers';
import { answer } from '../probe.js';

class Room extends DurableObject {
  sockets() {
    return this.ctx.getWebSockets();
  }
  send(text) {
    for (const one of this.sockets()) one.send(text);
  }
  notify(text) {
    this.send(text);
    return 'answered';
  }
  async notifyAfterPut(text) {
    this.ctx.storage.put('text', text);
    this.send(text);
    return 'answered';
  }
  async notifyAfterSql(text) {
    this.ctx.storage.sql.exec('CREATE TABLE IF NOT EXISTS t (x)');
    this.ctx.storage.sql.exec('INSERT INTO t VALUES (?)', text);
    this.send(text);
    return 'answered';
  }
  async notifyThenPut(text) {
    this.send(text);
    await this.ctx.storage.put('text', text);
    return 'answered';
  }
  async notifyThenWait(text) {
    this.send(text);
    await scheduler.wait(1);
    return 'answered';
  }
  many() {
    for (let i = 0; i < 5; i++) this.send(`many ${i}`);
    return 'answered';
  }
  nothing() {
    return 'nothing';
  }
  end() {
    for (const one of this.sockets()) one.close(1000, 'over');
    return 'answered';
  }
}

export class Hibernating extends Room {
  fetch(request) {
    const { 0: client, 1: server } = new WebSocketPair();
    if (request.url.endsWith('/ping')) {
      this.send('by fetch');
      return new Response('pong');
    }
    this.ctx.acceptWebSocket(server);
    return new Response(null, { status: 101, webSocket: client });
  }
  webSocketMessage(socket, message) {
    socket.send(`echo ${message}`);
  }
}

export class Standard extends Room {
  #sockets = [];
  sockets() {
    return this.#sockets;
  }
  fetch(request) {
    if (request.url.endsWith('/ping')) {
      this.send('by fetch');
      return new Response('pong');
    }
    const { 0: client, 1: server } = new WebSocketPair();
    server.accept();
    server.addEventListener('message', ({ data }) => server.send(`echo ${data}`));
    this.#sockets.push(server);
    return new Response(null, { status: 101, webSocket: client });
  }
}

const steps = {
  notify: (room) => room.notify('text'),
  'after-put': (room) => room.notifyAfterPut('text'),
  'after-sql': (room) => room.notifyAfterSql('text'),
  'then-put': (room) => room.notifyThenPut('text'),
  'then-wait': (room) => room.notifyThenWait('text'),
  many: (room) => room.many(),
  end: (room) => room.end(),
  fetch: (room) => room.fetch('http://x/ping').then((response) => response.text()),
  'send-then-call': (room, socket) => {
    socket.send('hello');
    return room.nothing();
  },
};

/** Opens a socket, runs one step, and says what came in which order. */
async function run(namespace, step) {
  const out = [];
  const room = namespace.get(namespace.newUniqueId());
  const { webSocket } = await room.fetch('http://x/', { headers: { Upgrade: 'websocket' } });
  webSocket.accept();
  webSocket.addEventListener('message', ({ data }) => out.push(data));
  webSocket.addEventListener('close', ({ code }) => out.push(`closed ${code}`));
  out.push(await steps[step](room, webSocket));
  out.push(await room.nothing());
  await scheduler.wait(50);
  webSocket.close();
  return out;
}

const probes = Object.fromEntries(
  Object.keys(steps).flatMap((step) => [
    [`hibernating-${step}`, ({ env }) => run(env.HIBERNATING, step)],
    [`standard-${step}`, ({ env }) => run(env.STANDARD, step)],
  ]),
);

export class Asker extends DurableObject {
  fetch(request) {
    return answer(probes, request, this);
  }
}

export default class extends WorkerEntrypoint {
  fetch(request) {
    const isObject = new URL(request.url).searchParams.has('object');
    return isObject
      ? this.env.ASKER.getByName('one').fetch(request)
      : answer(probes, request, this);
  }
}
