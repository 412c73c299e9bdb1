import { probeCases } from '../../harness/probes.mjs';

export const config = {};

export const cases = [
  ...probeCases({
    defaults: 'S9.2 statusText of a status',
    given: 'S9.2 statusText that was given',
    copies: 'S9.2 statusText of a copy',
  }),
  {
    name: 'S9.2 the status line of every status',
    steps: async (t) => {
      for (let status = 200; status < 600; status++) {
        const { statusText } = await t.quiet(`/wire?status=${status}`);
        t.note(`${status} ${statusText}`);
      }
    },
    status: 599,
  },
  {
    name: 'S9.2 status lines',
    steps: async (t) => {
      for (const status of [200, 404, 418]) await t.fetch(`/wire?status=${status}`);
      for (const text of ['Fine', 'Not%20so%20fine', '%C3%A9', '%E4%B8%AD'])
        await t.fetch(`/wire?status=404&text=${text}`);
    },
  },
];
