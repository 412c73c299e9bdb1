export const config = { serviceWorker: true, vars: { TEXT: 'a text', LIST: [1, 2] } };

/** @param {string} name @param {string} path @param {number} [status] */
const ask = (name, path, status) => ({
  name,
  ...(status && { status }),
  request: { path },
});

export const cases = [
  ask('S9.1.1 addEventListener: the FetchEvent', '/event'),
  ask('S9.1.1 addEventListener: bindings are globals', '/bindings'),
  ask('S9.1.1 respondWith: a promise', '/promise'),
  ask('S9.1.1 respondWith and waitUntil: arguments', '/refused'),
  ask('S9.1.1 the next listener', '/nobody'),
  ask('S9.1.1 a listener throws', '/throws', 500),
  ask('S9.1.1 the answer rejects', '/rejects', 500),
  ask('S9.1.1 the answer is no response', '/no-response', 500),
  ask('S9.1.1 removeEventListener', '/removed'),
  {
    name: 'S9.1.1 waitUntil, dispatchEvent',
    steps: async (t) => {
      await t.fetch('/wait-until');
      await t.fetch('/notes');
    },
  },
  {
    name: 'S9.1.1 respondWith: too late',
    steps: async (t) => {
      await t.fetch('/remember');
      await t.fetch('/late');
    },
  },
];
