import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { PROBE: 'Probe' }, classes: { Probe: { sqlite: true } } };

export const cases = probeCases({
  basic: 'S3.11.2 both APIs see one table',
  undefined: 'S3.11.5 undefined may be stored',
  list: 'S3.11.1 list options',
  'list-errors': 'S3.11.1 list and put validate as the asynchronous API',
  'list-lazy': 'S3.11.3 list is lazy',
  'list-invalidated': 'S3.11.3 a new list ends the older one',
  coerced: 'S3.11.6 keys are coerced, arrays too',
  'transaction-sync': 'S3.10.9 transactionSync commits or rolls back',
  'transaction-sync-nested': 'S3.10.9 transactionSync nests',
  'transaction-sync-async': 'S3.10.9 an async closure is not awaited',
  'own-members': 'S3.1.2 kv and sql are own and may be overwritten',
  'transaction-sync-types': 'S3.10.9 transactionSync wants a function',
});
