import { WorkerEntrypoint } from 'cloudflare:workers';

// In a class, and its method is found there.
export default class extends WorkerEntrypoint {
  fetch() {
    return new Response('a request');
  }

  async email(message) {
    if (message.headers.has('x-reject')) await message.setReject(typeof this.env);
  }
}
