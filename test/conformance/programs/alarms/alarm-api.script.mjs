import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { PROBE: 'Probe', BARE: 'NoHandler' },
  classes: { Probe: { sqlite: true }, NoHandler: { sqlite: true } },
};

export const cases = probeCases({
  'get-set-delete': 'S5.1.1 set, get and delete an alarm',
  refused: 'S5.1.3 times that are refused',
  last: 'S5.1.3 the latest times',
  converted: 'S5.1.3 what is a date',
  fraction: 'S5.1.3 fractions of a millisecond are cut off',
  options: 'S3.1.3 options of the alarm methods',
  'in-transaction': 'S5.6.1 alarms in a transaction',
  'sync-transaction': 'S5.6.1 transactionSync restores the alarm',
  'no-handler': 'S5.1.5 a class without alarm()',
});
