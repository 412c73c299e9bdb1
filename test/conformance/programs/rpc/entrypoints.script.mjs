import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { T: 'Thing' },
  classes: { Thing: { sqlite: true } },
  vars: { TEXT: 'a variable' },
  services: {
    SELF: {},
    NAMED: { entrypoint: 'Named', props: { from: 'the configuration', list: [1] } },
    PLAIN: { entrypoint: 'Other' },
    HANDLER: { entrypoint: 'handler', props: { h: 1 } },
  },
};

export const cases = probeCases({
  instances: 'S7.7.1 an instance for each call',
  constructor: 'S7.7.1 what the constructor of an entrypoint gets',
  'constructor-throws': 'S7.7.1 a constructor that throws',
  'default-export': 'S7.7.1 the default export as a service',
  'exports-kinds': 'S7.7.1 what ctx.exports has',
  'this-exports': 'S7.7.1 exports of an entrypoint and of an object',
  props: 'S7.7.2 props',
  'props-kinds': 'S7.7.2 what props may be',
  'props-object': 'S7.7.2 stubs with props used by an object',
  'specialised-shape': 'S7.7.2 the shape of a stub with props',
  semantics: 'S7.7.2 calls, getters and pipelining',
  values: 'S7.7.2 values and callbacks',
  'from-object': 'S7.7.2 an object calls entrypoints',
  'object-from-entrypoint': 'S7.7.2 an entrypoint calls objects',
  'wait-until': 'S7.7.1 waitUntil of an entrypoint',
  bindings: 'S7.7.2 service bindings with an entrypoint and props',
  'bindings-passed-on': 'S7.7.2 service bindings passed on',
  'bindings-of-object': 'S7.7.2 service bindings of objects and entrypoints',
  fetch: 'S7.7.3 fetch of entrypoints',
  'fetch-errors': 'S7.7.3 exceptions of fetch',
  'fetch-missing': 'S7.7.3 entrypoints without fetch',
  'rpc-errors': 'S7.7.2 exceptions of methods',
  'passed-on': 'S7.7.2 service stubs passed on',
  'not-callable': 'S7.7.2 misuse of loopback stubs',
  'objects-by-exports': 'S7.7.1 objects through ctx.exports in an entrypoint',
});
