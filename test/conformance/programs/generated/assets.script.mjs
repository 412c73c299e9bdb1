import { generatedAssets } from '../assets-random.mjs';

export const { config, cases } = generatedAssets({
  first: 1,
  assets: { not_found_handling: '404-page' },
});
