import { generatedAssets } from '../assets-random.mjs';

export const { config, cases } = generatedAssets({
  first: 6,
  assets: { not_found_handling: 'single-page-application' },
  hasCode: false,
});
