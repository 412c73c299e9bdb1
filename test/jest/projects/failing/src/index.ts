import { DurableObject } from 'cloudflare:workers';

interface Options {
  // Lines that the compiler takes out, so that generated lines differ.
  a: string;
  b: number;
}

export class Room extends DurableObject {
  boom(options: Options): never {
    throw new TypeError(`boom ${options.a}`);
  }

  hang(): Promise<never> {
    return new Promise(() => {});
  }
}

export default { fetch: () => new Response('ok') };
