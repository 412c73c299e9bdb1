import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  commit: 'S3.10.2 transaction commits and gives the value',
  throw: 'S3.10.3 an exception rolls everything back',
  rollback: 'S3.10.5 rollback',
  'after-end': 'S3.10.6 txn after the end',
  nested: 'S3.10.7 nested transactions are savepoints',
  alarm: 'S5.6.1 rollback restores the alarm',
  'delete-all': 'S3.9.4 deleteAll within a transaction',
  'not-synchronous': 'S3.10.1 the closure does not start synchronously',
  serial: 'S3.10.8 transactions of one turn run in call order',
  members: 'S3.10.4 members of txn',
  types: 'S3.10.1 transaction wants a function',
  'list-inside': 'S3.10.4 reads inside see writes inside',
});
