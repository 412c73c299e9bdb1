import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { A: 'A', A_AGAIN: 'A', B: 'B' },
  classes: { A: { sqlite: true }, B: { sqlite: true } },
};

export const cases = probeCases({
  named: 'S1.3.3 the same name gives the same 64 hex digits',
  surrogate: 'S1.3.7 a lone surrogate in a name',
  unicode: 'S1.3.7 names are not normalised',
  coerced: 'S1.3.7 names are coerced to string',
  keys: 'S1.2.1 own properties of an id',
  name: 'S1.2.2 which ids know their name',
  equals: 'S1.2.5 equals compares bytes',
  parse: 'S1.3.4 idFromString validates',
  unique: 'S1.3.2 unique ids are valid for their namespace',
  jurisdiction: 'S1.4.3 jurisdictions',
  'jurisdiction-none': 'S1.4.3 no jurisdiction means unrestricted',
  'get-type': 'S1.3.5 get refuses what is not an id',
  'get-options': 'S1.1.5 options of get',
  'by-name': 'S1.1.3 getByName is get of idFromName',
  'stub-shape': 'S1.6.2 what a stub looks like',
  'namespace-shape': 'S1.1.2 methods of a namespace',
  'id-not-cloneable': 'S1.2.6 an id is not cloneable',
  'ctx-id': 'S1.2.4 the object knows its id and name',
  'ctx-id-first': 'S1.2.4 the name is captured at activation',
  'same-instance': 'S2.1.1 one instance per namespace and id',
});
