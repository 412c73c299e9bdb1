import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  'types-in': 'S4.3 values that can be bound',
  'types-refused': 'S4.3 values that are coerced or refused',
  'types-out': 'S4.4.1 values that come out',
  affinity: 'S4.3 column affinity decides the stored type',
  columns: 'S4.4.2 column names and duplicates',
  'numeric-column-order': 'S4.4.2 rows are plain objects, whatever the column is called',
  'cursor-next': 'S4.5.1 next',
  'cursor-iterate': 'S4.5.2 leaving a loop keeps the position',
  'cursor-raw': 'S4.5.5 raw shares the position',
  'cursor-one': 'S4.5.4 one wants exactly one row',
  'cursor-shape': 'S4.5.6 members of a cursor',
  'rows-written': 'S4.5.7 rowsWritten',
  'rows-updated': 'S4.5.7 rows that an UPDATE reads',
  'rows-read': 'S4.5.8 rowsRead while reading',
  statements: 'S4.2.1 several statements in one call',
  'no-statement': 'S4.2.3 text without a statement',
  bindings: 'S4.2.4 the number of bindings must fit',
  eager: 'S4.2.6 a statement takes effect at the call',
  interleaved: 'S4.2.7 two cursors of one query',
  'write-while-reading': 'S4.2.9 exec while iterating',
  'double-quotes': 'S4.2.8 double quotes may be a string',
  'database-size': 'S4.1.4 databaseSize counts pages in use',
  'upsert-cte-window': 'S4.8.3 upsert, recursive queries, windows',
  json: 'S4.12.5 JSON functions',
  fts5: 'S4.12.6 full text search',
  'math-date': 'S4.12.4 mathematics and dates',
  'views-triggers': 'S4.8.3 views and triggers',
  alter: 'S4.8.3 ALTER TABLE',
});
