import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { PROBE: 'Probe', OTHER: 'Other' },
  classes: { Probe: { sqlite: true }, Other: { sqlite: true } },
};

export const cases = probeCases({
  call: 'S3.10.1 S2.6.2 a transaction awaits a call that it makes after writing',
  'call-after-write': 'S3.10.1 S2.6.2 what was written before a transaction is no part of it',
  fetch: 'S2.6.2 a transaction awaits a fetch that it makes after writing',
  nested: 'S3.10.7 S2.6.2 a call within a nested transaction',
  'rolled-back': 'S3.10.2 what a transaction has told others stays told when it is undone',
  'after-rollback': 'S3.10.5 S2.6.2 a call after rollback() and another write',
  sync: 'S3.12 sync() within a transaction',
  'synchronous-within': 'S3.10.9 S2.6.2 a call made in transactionSync() within a transaction',
  'alarm-before': 'S5.6.1 S2.6.2 an alarm set before and deleted within a transaction',
});
