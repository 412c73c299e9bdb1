import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { FAILING: 'Failing' },
  classes: { Failing: { sqlite: true } },
};

export const cases = probeCases({
  section: 'S1.12.6 what runs beside a section that fails',
  transaction: 'S3.10.2 what runs beside a transaction that fails',
  'section-in-a-section': 'S1.12.6 what runs beside a section that fails in a section',
  'transaction-in-a-section': 'S3.10.2 what runs beside a transaction that fails in a section',
});
