import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  surface: 'S4.1.1 members of storage.sql and of a cursor',
  'query-types': 'S4.3.3 a query that is not a string',
  'negative-zero': 'S4.3.2 minus zero',
  numbers: 'S4.3 numbers are bound as REAL',
  'number-columns': 'S4.3 what columns make of numbers and of texts',
  integers: 'S4.4.1 integers beyond 2^53 lose digits',
  buffers: 'S4.3 the exact range of a view is bound',
  texts: 'S4.3 texts with NUL, surrogates, nothing',
  'invalid-utf8': 'S4.4.1 texts that are not UTF-8',
  coerced: 'S4.3.3 other objects are bound as their text',
  'column-names': 'S4.4.3 names of columns',
  parameters: 'S4.2.5 kinds of parameters',
  'to-array': 'S4.5.3 toArray takes the rows that remain',
  exhausted: 'S4.5.12 statements without rows',
  iterators: 'S4.5.5 iterators of a cursor share its position',
  'iterator-return': 'S4.5.2 leaving a loop over raw() keeps the position',
  'one-consumes': 'S4.5.4 what one() leaves when there are more',
  'throw-in-loop': 'S4.5.2 an exception in a loop keeps the position',
  'changes-under-a-cursor': 'S4.2.9 rows that change under a cursor',
  'schema-under-a-cursor': 'S4.2.9 the schema changes under a cursor',
  'rollback-under-a-cursor': 'S4.5.9 a rollback under a cursor',
  'delete-all-cancels': 'S3.9.3 every use of a cancelled cursor',
  errors: 'S4.6.3 what an error is made of',
  'across-turns': 'S4.5.9 commits do not cancel a cursor',
  'many-rows': 'S4.4.1 values of every type, in many rows',
  'wide-rows': 'S4.4.2 many rows of many columns',
  size: 'S4.1.4 databaseSize follows the pages in use',
});
