import { probeCases } from '../../harness/probes.mjs';

export const config = {
  compatibilityDate: '2025-06-01',
  bindings: { T: 'Thrower' },
  classes: { Thrower: { sqlite: true } },
};

export const cases = probeCases({
  thrown: 'S7.8.1 errors before enhanced_error_serialization',
  'delete-all-keeps-alarm': 'S3.9.2 deleteAll before delete_all_deletes_alarm keeps the alarm',
});
