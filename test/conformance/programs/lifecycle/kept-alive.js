import { DurableObject, RpcTarget } from 'cloudflare:workers';

// Whether an object that nobody has called for longer than the ten seconds is still the same instance.
class Target extends RpcTarget {
  constructor(instance) {
    super();
    this.instance = instance;
  }

  which() {
    return this.instance;
  }
}

export class Kept extends DurableObject {
  #calls = 0;

  call() {
    this.#calls += 1;
    return this.#calls;
  }

  target() {
    return new Target(this.call());
  }

  async fetch() {
    const pair = new WebSocketPair();
    pair[1].accept();
    pair[1].addEventListener('message', () => pair[1].send(`call ${this.call()}`));
    return new Response(null, { status: 101, webSocket: pair[0] });
  }
}

export class Holder extends DurableObject {
  #held;
  #socket;

  async fetch(request) {
    const url = new URL(request.url);
    const kept = this.env.KEPT.getByName(url.pathname);
    if (url.searchParams.has('hold')) {
      if (url.pathname === '/target') this.#held = await kept.target();
      if (url.pathname === '/stub') this.#held = kept;
      if (url.pathname === '/socket') {
        const response = await kept.fetch('http://object/', { headers: { Upgrade: 'websocket' } });
        this.#socket = response.webSocket;
        this.#socket.accept();
      }
      return new Response(`held, call ${await kept.call()}`);
    }
    return new Response(`call ${await kept.call()}, holds ${typeof this.#held}`);
  }
}

export default {
  fetch: (request, env) => env.HOLDER.getByName(new URL(request.url).pathname).fetch(request),
};
