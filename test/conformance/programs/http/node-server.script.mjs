import { probeCases } from '../../harness/probes.mjs';

export const config = { compatibilityFlags: ['nodejs_compat'] };

export const cases = probeCases({
  handler: 'S9.3 httpServerHandler of a port',
  'unbound-server': 'S9.3 httpServerHandler of a server that does not listen yet',
  request: 'S9.3 what a server of node:http sees of a request',
  'only-once': 'S9.3 headers that Node takes once',
  response: 'S9.3 what comes of its response',
  empty: 'S9.3 responses without a body',
  'shorter-body': 'S9.3 a body that is shorter than its Content-Length',
  streams: 'S9.3 bodies are streamed both ways',
  large: 'S9.3 bodies larger than any buffer',
  given: 'S9.3 env and ctx reach the listener',
  throws: 'S9.3 a listener that throws',
  context: 'S9.3 a listener runs in the context of who asked',
  listens: 'S9.3 listen and close',
  refused: 'S9.3 handlers of what is no server',
});
