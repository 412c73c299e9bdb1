import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

// A cursor of many rows, from which some were taken before something else happened. Here rows cross in batches before they are
// asked for (native/storage/sql_cursor.h), which must not show.
export const cases = probeCases({
  deleted: 'S4.2.9 rows ahead of the reader are deleted',
  'all-deleted': 'S4.2.9 all rows are deleted',
  inserted: 'S4.2.9 a row is inserted ahead of the reader',
  updated: 'S4.2.9 the next row is moved',
  sorted: 'S4.2.9 rows are deleted that were sorted',
  dropped: 'S4.2.9 the table is dropped under a cursor',
  'key-value': 'S4.5.9 a key is put under a cursor',
  'rolled-back': 'S4.5.9 changes under a cursor are rolled back',
  inside: 'S4.5.9 a cursor of a transaction',
  'setting-changed': 'S4.9 a setting is changed under a cursor',
  'read-elsewhere': 'S4.5.2 another query is read meanwhile',
  'rows-read': 'S4.5.7 rowsRead after each row',
  'deleted-while-read': 'S4.2.9 a loop that deletes what is ahead of it',
  'shapes-in-turn': 'S4.5.5 objects and arrays in turn',
  'all-at-once': 'S4.5.3 toArray after some rows',
  'one-of-many': 'S4.5.4 one() after some rows',
  'late-error': 'S4.6.3 an error in a later row',
  'two-cursors': 'S4.5.9 two cursors, and a deletion',
  'same-query-twice': 'S4.2.7 two cursors of one query',
  'by-chance': 'S4.12.1 random() gives each row its own',
  'what-was-changed': 'S4.12.1 changes() under a cursor',
  'across-turns': 'S4.5.9 commits between rows',
  cancelled: 'S3.9.3 deleteAll() under a cursor',
});
