import { generatedAssets } from '../assets-random.mjs';

export const { config, cases } = generatedAssets({
  first: 3,
  assets: { html_handling: 'drop-trailing-slash', not_found_handling: '404-page' },
  usesPatterns: true,
});
