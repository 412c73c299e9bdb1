import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { T: 'Thing' }, classes: { Thing: { sqlite: true } } };

export const cases = probeCases({
  'built-in': 'S7.8.2 errors of built-in classes',
  custom: 'S7.8.2 errors of classes of the user',
  properties: 'S7.8.2 properties of errors',
  causes: 'S7.8.2 causes and aggregates',
  'odd-names': 'S7.8.2 odd names and messages',
  'not-serialisable': 'S7.8.2 errors with what cannot cross',
  stubs: 'S7.8.2 errors with functions and targets',
  stack: 'S7.8.2 the stack of an error',
  frames: 'S7.8.2 the stack of an error shows who awaits the call',
  'dom-exceptions': 'S7.8.2 DOMExceptions',
  objects: 'S7.8.3 thrown objects',
  primitives: 'S7.8.3 thrown primitives',
  flags: 'S7.8.4 flags win over properties of the thrower',
  'flags-of-callbacks': 'S7.8.4 flags of errors of callbacks',
  returned: 'S7.8.5 errors that are returned',
  'as-arguments': 'S7.8.5 errors as arguments',
  rejections: 'S7.8.2 rejected promises',
  'through-two': 'S7.8.2 an error that passes through two objects',
  'object-id': 'S1.9.5 which object an error comes from',
  'of-getters': 'S7.8.2 errors of getters and constructors',
  'cyclic-properties': 'S7.8.2 properties with cycles',
});
