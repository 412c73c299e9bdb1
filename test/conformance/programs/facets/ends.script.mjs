import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PARENT: 'Parent' }, classes: { Parent: { sqlite: true } } };

export const cases = probeCases({
  'abort-stub': 'S1.15.3 abort breaks stubs and keeps data',
  'abort-running': 'S1.15.3 abort rejects what runs',
  'abort-reasons': 'S1.15.3 reasons of any type',
  'abort-before-use': 'S1.15.3 abort of a facet that was never started',
  'abort-starting': 'S1.15.3 abort of a facet that starts',
  'abort-nested': 'S1.15.3 abort reaches what is below',
  delete: 'S1.15.3 delete removes the data',
  'delete-nested': 'S1.15.3 delete removes what is below',
  'delete-child': 'S1.15.3 a facet deletes its own facet',
  'delete-then-class': 'S1.15.2 the data stays with another class',
  'delete-unused': 'S1.15.3 delete of a name that never was',
  clone: 'S1.15.3 clone replaces a facet by a copy',
  'clone-new': 'S1.15.3 clone to a name that never was, and from there',
  'clone-nested': 'S1.15.3 clone copies what is below and deletes what was there',
  'clone-nothing': 'S1.15.3 clone of a facet that never was empties',
  'clone-itself': 'S1.15.3 clone of a facet to itself aborts it',
  'clone-arguments': 'S1.15.3 S1.15.4 arguments of clone',
  alarms: 'S1.15.4 S5.6.8 alarms in a facet',
  'alarm-old-stub': 'S5.6.8 a refused alarm and the stub',
  'constructor-throws': 'S1.15.6 a constructor that throws',
  'own-abort': 'S1.15.6 a facet that aborts itself leaves its parent alone',
  'delete-all': 'S3.9.1 S1.15.5 deleteAll of the parent deletes the facets',
  'delete-all-facet': 'S1.15.5 deleteAll of a facet deletes what is below it',
  'delete-all-called':
    'S1.15.3 S1.15.5 deleteAll of a facet rejects a call that just went to one below it',
});
