import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { T: 'Events', LEGACY: 'Legacy', BARE: 'Bare', NONE: 'NoHandlers', SUB: 'Sub' },
  classes: {
    Events: { sqlite: true },
    Legacy: { sqlite: true },
    Bare: { sqlite: true },
    NoHandlers: { sqlite: true },
    Sub: { sqlite: true },
  },
};

export const cases = probeCases({
  'calls-in-order': 'S1.7.1 calls through one stub arrive in order',
  'fetches-in-order': 'S1.7.1 fetches through one stub arrive in order',
  'order-from-object': 'S1.7.1 calls of an object that writes arrive in order',
  'order-with-writes': 'S1.7.2 calls that write run in order',
  'pipelined-order': 'S1.7.1 pipelined calls all arrive',
  'result-order': 'S1.7.2 a slow call does not hold the results of others',
  'wait-until-after-answer': 'S2.3.4 waitUntil goes on after the answer',
  'wait-until-fetch': 'S2.3.4 waitUntil goes on after the response',
  'wait-until-values': 'S1.11.2 what waitUntil takes',
  'timer-after-answer': 'S2.3.4 a timer fires after the answer',
  'worker-wait-until': 'S2.3.1 a call given to waitUntil of a Worker',
  'legacy-fetch': 'S1.10.2 a class without the base class',
  'legacy-rpc': 'S1.10.3 a call to a class without the base class',
  'legacy-alarm': 'S1.10.3 an alarm of a class without the base class',
  'legacy-without-fetch': 'S1.8.4 a class without any handler',
  'handlers-that-are-none': 'S1.10.4 handlers that are no functions',
  subclass: 'S1.10.5 a subclass of a subclass',
  'props-and-exports': 'S1.11.4 props and exports of ctx',
  'exports-loopback': 'S1.13.1 calls through ctx.exports',
  'fetch-arguments': 'S1.8.1 what fetch of the class is given',
  'fetch-urls': 'S1.8.3 URLs of stub.fetch',
  'fetch-inputs': 'S1.8.1 inputs of stub.fetch',
  'fetch-body-used': 'S1.8.7 a request whose body was sent',
  redirects: 'S1.8.1 redirects',
  'cached-id': 'S1.6.7 an id kept by the module',
  'overlapping-handlers': 'S2.5.5 handlers overlap at timers',
  'serial-storage': 'S2.5.4 handlers do not overlap at storage',
  'calls-to-many': 'S2.1.1 many objects at once',
  'mutual-calls': 'S2.5.5 objects that call each other back',
});
