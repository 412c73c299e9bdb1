import { probeCases } from '../../harness/probes.mjs';

export const config = {
  bindings: { HOLDER: 'Holder', PEER: 'Peer' },
  classes: { Holder: { sqlite: true }, Peer: { sqlite: true } },
};

const kinds = {
  stubs: 'stubs of objects',
  rpc: 'RPC stubs and calls under way',
  storage: 'storage',
  sockets: 'sockets',
  bodies: 'bodies',
  free: 'what anybody may use',
};
const users = {
  objects: 'of one object, used by another',
  same: 'of one object, used by it later',
  worker: 'of an object, used by a Worker',
};

export const cases = probeCases(
  Object.fromEntries(
    Object.entries(users).flatMap(([user, how]) =>
      Object.entries(kinds).map(([kind, what]) => [`${user}-${kind}`, `S2.10.2 ${what} ${how}`]),
    ),
  ),
);
