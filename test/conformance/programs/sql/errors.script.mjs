import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { PROBE: 'Probe', LEGACY: 'Legacy' },
  classes: { Probe: { sqlite: true }, Legacy: { sqlite: false } },
};

export const cases = probeCases({
  syntax: 'S4.6.1 syntax errors with offsets',
  names: 'S4.6.1 unknown and repeated names',
  constraints: 'S4.6.1 constraint errors with extended codes',
  'statement-only': 'S4.6.2 an error undoes only its statement',
  'foreign-keys': 'S4.11.1 foreign keys are enforced',
  transactions: 'S4.7.1 transaction statements are refused',
  reserved: 'S4.8.2 names that begin with _cf_ are reserved',
  'not-authorized': 'S4.8.4 what the authorizer denies',
  pragmas: 'S4.9.1 pragmas that are denied',
  'pragma-table-info': 'S4.9 pragmas that are allowed',
  limits: 'S4.10.2 limits and their messages',
  'rollback-on-throw': 'S3.10.9 an SQL error inside transactionSync rolls back',
  'delete-all-cancels': 'S3.9.3 deleteAll cancels open cursors',
  'cursor-across-await': 'S4.5.9 a cursor survives an await',
  'legacy-sql': 'S4.1.2 no SQL for a class without SQLite',
  'legacy-kv': 'S3.11.4 no storage.kv for a class without SQLite',
  'legacy-async': 'S3.1.1 the asynchronous API of a class without SQLite',
  'legacy-transaction-sync': 'S3.1.1 transactionSync and deleteAll of a class without SQLite',
});
