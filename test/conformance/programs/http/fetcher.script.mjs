import { probeCases } from '../../harness/probes.mjs';

export const config = { bindings: { ASKED: 'Asked' }, classes: { Asked: { sqlite: true } } };

export const cases = probeCases({
  fetch: 'S9.2 fetch() with a fetcher',
  copies: 'S9.2 copies of a Request with a fetcher',
  redirects: 'S1.8.1 a fetcher is asked again after a redirect',
  'to-stub': 'S1.8.3 a Request with a fetcher that is given to a stub',
  types: 'S9.2 what a fetcher may be',
  arguments: 'S1.8.3 what fetch() takes',
  fails: 'S9.2 an aborted fetch() with a fetcher',
});
