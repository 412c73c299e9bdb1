import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { PROBE: 'Probe', LEGACY: 'Legacy' },
  classes: { Probe: { sqlite: true }, Legacy: { sqlite: false } },
  compatibilityFlags: ['experimental', 'disable_fast_jsg_struct'],
};

export const cases = probeCases({
  prepare: 'S4.14.1 each call of a prepared statement has a cursor of its own',
  'prepare-shape': 'S4.14.1 what prepare gives',
  'prepare-errors': 'S4.14.1 errors come when it is called',
  'prepare-several': 'S4.14.1 several statements run at each call',
  ingest: 'S4.14.2 ingest runs what is complete and gives back the rest',
  'ingest-trigger': 'S4.14.2 a trigger is one statement',
  'ingest-errors': 'S4.14.2 a statement that fails ends it',
  reused: 'S4.2.7 a query that ran before is compiled already',
  'full-database': 'S4.10.4 a full database breaks the object although the handler caught it',
  'full-database-after': 'S4.10.4 what was not committed is gone',
  'full-database-read': 'S4.10.4 reading after a full database',
  'full-database-read-after': 'S4.10.4 what SQL still reads after a critical error',
  'full-transaction-sync': 'S3.10.10 a full database inside transactionSync',
  'full-transaction-sync-after': 'S3.10.10 transactionSync cannot commit after it',
  'full-transaction-sync-throws': 'S3.10.10 a closure that throws after it',
  'full-transaction-sync-throws-after': 'S3.10.10 its own error comes out',
  'full-transaction': 'S3.10.10 a full database inside transaction',
  'full-transaction-after': 'S3.10.10 transaction cannot commit after it',
  bookmarks: 'S4.13 waitForBookmark',
  'last-step': 'S4.5.1 without fast structs the last step has no value',
  legacy: 'S4.14 classes without SQLite',
});
