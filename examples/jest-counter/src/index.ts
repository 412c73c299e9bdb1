import { type Env } from './counter';
import { titleOf } from './title';

export { Counter } from './counter';

export default {
  /** Each path has a counter of its own. */
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    const count = await env.COUNTER.getByName(pathname).increment();
    return new Response(`${await titleOf(pathname, env)}: ${count}`);
  },
};
