// What users of the two query builders write, in steps that the test asks for one by one.
import { Drizzled } from './drizzled';
import { Kyselied } from './kyselied';

export { Drizzled, Kyselied };

interface Env {
  DRIZZLED: DurableObjectNamespace<Drizzled>;
  KYSELIED: DurableObjectNamespace<Kyselied>;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const [, kind, step] = new URL(request.url).pathname.split('/');
    try {
      const object = (kind === 'drizzle' ? env.DRIZZLED : env.KYSELIED).getByName('one');
      return Response.json(await object.run(step));
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  },
};
