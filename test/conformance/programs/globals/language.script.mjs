import { probeCases } from '../../harness/probes.mjs';

export const config = {};

export const cases = probeCases({
  iterators: 'S9.2 iterator helpers',
  sets: 'S9.2 methods of Set',
  groups: 'S9.2 Object.groupBy and Map.groupBy',
  promises: 'S9.2 Promise.withResolvers and Promise.try',
  arrays: 'S9.2 Array.fromAsync',
  hidden: 'S9.2 none of it is enumerable',
});
