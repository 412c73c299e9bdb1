import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { T: 'Thing' },
  classes: { Thing: { sqlite: true } },
  compatibilityFlags: ['fetch_legacy_url'],
};

export const cases = probeCases({
  kept: 'S1.8.3 a URL as it was given',
  objects: 'S1.8.3 a URL that is an object, and of a Request',
  delivered: 'S1.8.3 a URL as it arrives',
  refused: 'S1.8.3 a text that is no URL',
  redirects: 'S1.8.9 redirects',
});
