import { generatedAssets } from '../assets-random.mjs';

export const { config, cases } = generatedAssets({
  first: 4,
  assets: { html_handling: 'none' },
  flags: ['assets_navigation_prefers_asset_serving'],
});
