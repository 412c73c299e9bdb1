import { DurableObject } from 'cloudflare:workers';

export class Theirs extends DurableObject {
  hello() {
    return `object of ${this.env.NAME}`;
  }
}

export default {
  fetch: (request, env) => new Response(`${env.NAME} has ${new URL(request.url).pathname}`),
};
