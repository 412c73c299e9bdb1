export const config = {
  bindings: { PROBE: 'Probe', LEGACY: 'Legacy' },
  classes: { Probe: { sqlite: true }, Legacy: { sqlite: false } },
};

const names = {
  storage: 'operations of the storage',
  'delete-all': 'deleteAll()',
  'critical-section': 'operations in a critical section',
  transaction: 'operations of a transaction',
  'transaction-outside': 'operations of the storage in a transaction',
};

export const cases = Object.entries(names).flatMap(([probe, name]) => [
  { name: `S2.5.4 turns of ${name}`, request: { path: `/${probe}` } },
  {
    name: `S2.5.4 turns of ${name}, class without SQLite`,
    request: { path: `/${probe}?legacy` },
  },
]);
