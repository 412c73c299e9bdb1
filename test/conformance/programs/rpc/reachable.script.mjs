import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { T: 'Thing' }, classes: { Thing: { sqlite: true } } };

export const cases = probeCases({
  chain: 'S7.1.2 members of the prototype chain',
  'own-members': 'S7.1.2 own members hide those of the prototype',
  'object-prototype': 'S7.1.2 members of Object.prototype',
  overridden: 'S7.1.2 a member of Object.prototype that the class defines',
  'base-members': 'S7.1.2 members of the base class',
  'added-later': 'S7.1.2 a method added to the prototype later',
  'plain-objects': 'S7.1.3 own properties of plain objects only',
  'nested-instances': 'S7.1.3 what is inside a plain object',
  'reserved-object': 'S7.1.4 reserved names of an object',
  'reserved-defined': 'S7.1.4 reserved names that the class defines',
  'reserved-target': 'S7.1.4 reserved names of a target',
  'target-names': 'S7.1.4 names reserved on objects are free on targets',
  'reserved-entrypoint': 'S7.1.4 reserved names of an entrypoint',
  'then-members': 'S7.1.5 then, catch and finally',
  getters: 'S7.1.6 getters and data properties of a prototype',
  'getter-promises': 'S7.1.6 getters that give promises, functions and targets',
  'setter-only': 'S7.1.6 a setter without a getter',
  'not-functions': 'S7.1.6 properties that are called',
  'deep-missing': 'S7.1.6 a name that is missing on the way',
  statics: 'S7.1.7 statics and symbols',
  handlers: 'S7.1.8 handlers of an object',
  'handler-this': 'S7.1.8 what a handler gets',
  this: 'S7.1.9 this in methods, getters and functions',
  generators: 'S7.1.10 generators and iterators',
  local: 'S7.1.11 names that resolve locally',
  'odd-names': 'S7.1.2 names that are numbers, empty or not ASCII',
  'getter-runs': 'S7.2.4 nothing is read before it is awaited',
});
