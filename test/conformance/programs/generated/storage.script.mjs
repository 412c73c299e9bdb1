import { seeds } from '../../harness/seeds.mjs';

export const config = {
  bindings: { STORED: 'Stored', LEGACY: 'StoredLegacy' },
  classes: { Stored: { sqlite: true }, StoredLegacy: { sqlite: false } },
};

const kinds = { STORED: 'SQLite', LEGACY: 'key-value' };

export const cases = Object.entries(kinds).flatMap(([kind, title]) =>
  seeds(25).map((seed) => ({
    name: `S3 a history of ${title} storage, seed ${seed}`,
    request: { path: `/${kind}/run/${seed}` },
  })),
);
