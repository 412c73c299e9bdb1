import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  'pragma-booleans': 'S4.9 pragmas that take a boolean',
  'pragma-names': 'S4.9 pragmas that take a name',
  'pragma-table-list': 'S4.8.6 hidden tables are listed once they are there',
  'pragma-numbers': 'S4.9 pragmas that take a number, or nothing',
  'pragma-others': 'S4.9.1 all other pragmas are denied',
  'foreign-keys-pragma': 'S4.9.2 foreign_keys has no effect in a transaction',
  'foreign-keys-in-transactions': 'S4.9.2 foreign_keys in transactionSync() and transaction()',
  'case-sensitive-like': 'S4.9.3 case_sensitive_like gives no row',
  defensive: 'S4.10.1 the schema cannot be written',
  'internal-tables': 'S4.8.2 sequences and statistics can be read and written',
  limits: 'S4.10.2 limits of statements, at the limit and beyond',
  'value-limits': 'S3.7.4 limits of values',
  'trigger-depth': 'S4.10 depth of triggers',
  'trigger-too-deep': 'S4.10 triggers that set off themselves too often',
  cascades: 'S4.11.1 actions of foreign keys',
  'deferred-in-transaction': 'S3.10.11 deferred foreign keys last to the outermost commit',
});
