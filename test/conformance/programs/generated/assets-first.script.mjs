import { generatedAssets } from '../assets-random.mjs';

export const { config, cases } = generatedAssets({
  first: 5,
  assets: { not_found_handling: 'single-page-application', run_worker_first: true },
});
