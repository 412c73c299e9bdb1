import { generatedAssets } from '../assets-random.mjs';

export const { config, cases } = generatedAssets({
  first: 2,
  assets: { html_handling: 'force-trailing-slash', not_found_handling: 'single-page-application' },
  usesPatterns: true,
});
