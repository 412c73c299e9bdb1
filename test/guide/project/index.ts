// The Worker in front of the guide's blocks.
//   /call/BINDING/NAME/METHOD?arg=…  calls a method of the object over RPC and answers with its result as JSON
//   /fetch/BINDING/NAME              passes the request on to the object
//   /fragment/…                      runs the guide's lines that are not a class
import { globalUniqueness } from '../blocks/01-global-uniqueness';
import { greetAlice } from '../blocks/08-rpc';
import { europeanId } from '../blocks/10-jurisdiction';
import { stubInEasternNorthAmerica } from '../blocks/11-location-hint';

export { Counter } from '../blocks/02-counter';
export { Note } from '../blocks/03-note';
export { MySQLObject } from '../blocks/04-sql';
export { BatchProcessor } from '../blocks/05-batch-processor';
export { ChatRoom } from '../blocks/06-chat-room';
export { HibernatingChat } from '../blocks/07-hibernating-chat';
export { Greeter } from '../blocks/08-rpc';

export default {
  async fetch(request, env) {
    const url = new URL(request.url);
    const [kind, binding, name, method] = url.pathname.slice(1).split('/');
    if (kind === 'fragment') return fragment(binding, env);
    const namespace = env[binding];
    const stub = namespace.get(namespace.idFromName(name));
    if (kind === 'fetch') return stub.fetch(request);
    const result = await stub[method](...url.searchParams.getAll('arg'));
    return Response.json({ result });
  },
};

async function fragment(name, env) {
  switch (name) {
    case 'global-uniqueness':
      return Response.json(await globalUniqueness(env));
    case 'rpc':
      return Response.json({ greeting: await greetAlice(env) });
    case 'jurisdiction': {
      const id = europeanId(env);
      const greeting = await env.MY_DO_NAMESPACE.get(id).sayHello();
      return Response.json({ id: id.toString(), jurisdiction: id.jurisdiction, greeting });
    }
    case 'location-hint': {
      const id = env.MY_DO_NAMESPACE.idFromName('room-A');
      const stub = stubInEasternNorthAmerica(env, id);
      return Response.json({ id: stub.id.toString(), greeting: await stub.sayHello() });
    }
  }
  return new Response(null, { status: 404 });
}
