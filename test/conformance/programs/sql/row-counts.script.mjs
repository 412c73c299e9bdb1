import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  scans: 'S4.5.7 rows read by scans and lookups of one table',
  aggregates: 'S4.5.7 rows read by aggregates',
  indexes: 'S4.5.7 rows read through an index alone',
  'index-lookups': 'S4.5.7 rows read through an index and its table',
  sorting: 'S4.5.7 rows read when rows are sorted',
  'no-table': 'S4.5.7 rows read without a table',
  inserts: 'S4.5.7 rows of inserts',
  'insert-select': 'S4.5.7 rows of an INSERT from a query',
  large: 'S4.5.7 a large row is one row',
  replace: 'S4.5.7 rows written by REPLACE',
  upsert: 'S4.5.7 rows written by an upsert',
  updates: 'S4.5.7 rows of updates',
  deletes: 'S4.5.7 rows of deletes',
  'delete-many': 'S4.5.7 rows written by deletes of several rows',
  triggers: 'S4.5.7 rows written by triggers',
  'trigger-chain': 'S4.5.7 rows written by a trigger that writes several tables',
  cascade: 'S4.5.7 rows written by a cascade',
  'expression-index': 'S4.5.7 rows written to an index on an expression',
  'two-indexes': 'S4.5.7 rows written by updates of a table with several indexes',
  'without-rowid': 'S4.5.7 rows written to a table without rowids',
  fts5: 'S4.5.7 rows written to a full text table',
  'fts5-triggers': 'S4.5.7 rows written to a full text table by triggers',
  rtree: 'S4.5.7 rows written to an R*Tree',
  pragma: 'S4.5.7 rows of pragmas',
  autoincrement: 'S4.5.7 rows written with AUTOINCREMENT',
  inside: 'S4.5.7 rows that only the virtual machine sees',
  'several-statements': 'S4.5.7 counts are of the last statement',
});
