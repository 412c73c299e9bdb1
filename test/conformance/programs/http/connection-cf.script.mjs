// The oracle is miniflare, which has placeholders where workerd alone has nothing.
export const config = {
  bindings: { SEER: 'Seer' },
  classes: { Seer: { sqlite: true } },
  compatibilityFlags: ['enable_ctx_exports'],
  miniflare: { cf: false },
};

const probes = {
  whole: 'S11.26 cf of a request of the network',
  frozen: 'S11.26 what is frozen',
  copies: 'S11.26 cf of copies',
  changed: 'S11.26 cf of a request whose headers change',
  objects: 'S11.26 cf of requests to objects',
  'frozen-for-objects': 'S11.26 what is frozen for objects',
  services: 'S11.26 cf of requests to other Workers',
};

export const cases = Object.entries(probes).map(([probe, name]) => ({
  name,
  request: { path: `/${probe}`, headers: { 'accept-encoding': 'zstd' } },
}));
