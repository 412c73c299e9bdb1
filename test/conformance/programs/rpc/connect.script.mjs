import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { SERVER: 'Server', MUTE: 'Mute', PLAIN: 'Plain', BROKEN: 'Broken' },
  classes: {
    Server: { sqlite: true },
    Mute: { sqlite: true },
    Plain: { sqlite: true },
    Broken: { sqlite: true },
  },
};

export const cases = probeCases({
  shape: 'S1.8.8 what connect() gives',
  object: 'S1.8.8 an object answers a connection',
  'plain-class': 'S1.8.8 a class without RPC answers a connection',
  entrypoint: 'S1.8.8 an entrypoint answers a connection',
  handlers: 'S1.8.8 the default export answers a connection',
  facet: 'S1.8.8 a facet answers a connection',
  'from-object': 'S1.8.8 an object connects to another one',
  'passed-stub': 'S1.8.8 a stub that was passed connects',
  'no-handler': 'S1.8.8 a class without a handler',
  'no-handler-entrypoint': 'S1.8.8 an entrypoint without a handler',
  'constructor-throws': 'S1.8.8 a constructor that throws',
  arguments: 'S1.8.8 addresses and options',
  handler: 'S1.8.8 what a handler gets',
  echo: 'S1.8.8 both sides at once',
  'half-open': 'S1.8.8 a side that is closed, with and without allowHalfOpen',
  'caller-closes': 'S1.8.8 the caller closes',
  'handler-closes': 'S1.8.8 the handler closes',
  'handler-throws': 'S1.8.8 a handler throws',
  'handler-rejects': 'S1.8.8 a handler rejects after it has written',
  'handler-aborts': 'S1.14.2 a handler resets its object',
  'handler-returns': 'S1.8.8 a connection ends with its handler',
  'handler-is-late': 'S1.8.8 what a handler writes later',
  'lost-write': 'S2.6.2 a connection after a write that is lost',
  many: 'S1.8.8 many bytes',
  'virtual-host': 'S1.8.8 an address for a stub',
  'virtual-host-arguments': 'S1.8.8 arguments of mapVirtualHost()',
});
