import { answer, attempt } from '../probe.js';

const kAdmin = 'SecretsStoreSecret::admin_api';

const probes = {
  async missing({ SECRET }) {
    return [await attempt(() => SECRET.get()), await attempt(() => SECRET.get('x', 1))];
  },
  async life({ SECRET, SAME, OTHER }) {
    const admin = await SECRET[kAdmin]();
    const id = await admin.create('a value');
    const seen = [/^[0-9a-f]{32}$/.test(id), await SECRET.get(), await SAME.get()];
    seen.push(await attempt(() => OTHER.get()), await admin.get(id));
    seen.push((await admin.update('another value', id)) === id, await SECRET.get());
    const copy = await admin.duplicate(id, 'other');
    seen.push(/^[0-9a-f-]{36}$/.test(copy), await OTHER.get());
    const named = (await admin.list()).map(({ name, metadata }) => [name, metadata.uuid === id]);
    seen.push(named, await admin.delete(id), await attempt(() => SECRET.get()), await OTHER.get());
    await admin.delete(copy);
    return seen;
  },
  async none({ SECRET }) {
    const admin = await SECRET[kAdmin]();
    const calls = [
      () => admin.get('none'),
      () => admin.update('v', 'none'),
      () => admin.duplicate('none', 'n'),
      () => admin.delete('none'),
      () => admin.list(),
    ];
    return Promise.all(calls.map(attempt));
  },
};

export default { fetch: (request, env) => answer(probes, request, env) };
