import { probeCases } from '../../harness/probes.mjs';

const secrets = {
  SECRET: { store_id: 'store', secret_name: 'mine' },
  SAME: { store_id: 'store', secret_name: 'mine' },
  OTHER: { store_id: 'store', secret_name: 'other' },
};

export const config = {
  wrangler: {
    secrets_store_secrets: Object.entries(secrets).map(([binding, of]) => ({ binding, ...of })),
  },
  miniflare: { secretsStoreSecrets: secrets },
};

export const cases = probeCases({
  missing: 'S8.7.1 a secret that was never created',
  life: 'S8.7.1 a secret is created, read, changed, copied, listed and deleted',
  none: 'S8.7.1 what is no id of a secret',
});
