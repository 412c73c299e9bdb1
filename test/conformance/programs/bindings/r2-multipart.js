import { answer, attempt, attemptSync } from '../probe.js';
import { outcomes, plain } from '../r2-shown.js';

const MiB = 1024 * 1024;
const filled = (size, byte) => new Uint8Array(size).fill(byte);
const runs = (data) => {
  const all = [];
  for (const byte of data) {
    if (all.at(-1)?.[0] === byte) all.at(-1)[1] += 1;
    else all.push([byte, 1]);
  }
  return all.map((run) => run.join('x')).join(' ');
};
const started = async (R2, ...sizes) => {
  const upload = await R2.createMultipartUpload('m');
  const parts = [];
  for (const [i, size] of sizes.entries())
    parts.push(await upload.uploadPart(i + 1, filled(size, i + 1)));
  return { upload, parts };
};

const probes = {
  async basics({ R2 }) {
    const upload = await R2.createMultipartUpload('m', {
      httpMetadata: { contentType: 'text/x' },
      customMetadata: { a: 'b' },
    });
    const before = await R2.head('m');
    const one = await upload.uploadPart(1, filled(5 * MiB, 1));
    const two = await upload.uploadPart(2, 'the end');
    const done = await upload.complete([one, two]);
    const got = await R2.get('m');
    const read = async (range) => {
      const object = await R2.get('m', { range });
      return [object.range, runs(await object.bytes())];
    };
    return [
      [upload.key, typeof upload.uploadId, upload.uploadId.length > 20, Object.keys(upload)],
      before,
      [one.partNumber, typeof one.etag, Object.keys(one)],
      plain(done),
      plain(await R2.head('m')),
      runs(await got.bytes()),
      await read({ offset: 5 * MiB - 2, length: 4 }),
      await read({ offset: 5 * MiB }),
      await read({ offset: 2, length: 3 }),
      await read({ suffix: 3 }),
      await read({ suffix: 9 }),
      (await R2.list()).objects.map(plain),
      await attempt(() => upload.uploadPart(3, 'late')),
      await attempt(() => upload.complete([one, two])),
      await attempt(() => upload.abort()),
      (await R2.get('m')).size,
    ];
  },
  async order({ R2 }) {
    const upload = await R2.createMultipartUpload('m');
    const two = await upload.uploadPart(2, filled(5 * MiB, 2));
    const nine = await upload.uploadPart(9, 'nine');
    const one = await upload.uploadPart(1, filled(5 * MiB, 1));
    const unused = await upload.uploadPart(5, filled(10, 5));
    const done = await upload.complete([nine, one, two].reverse());
    return [plain(done), runs(await (await R2.get('m')).bytes()), unused.partNumber];
  },
  async again({ R2 }) {
    const { upload, parts } = await started(R2, 5 * MiB, 10);
    const other = await upload.uploadPart(1, filled(5 * MiB, 7));
    return [
      await attempt(async () => plain(await upload.complete(parts))),
      await attempt(async () => plain(await upload.complete([other, parts[1]]))),
      runs(await (await R2.get('m')).bytes()),
      other.etag === parts[0].etag,
    ];
  },
  async sizes({ R2 }) {
    const tried = async (...sizes) => {
      const { upload, parts } = await started(R2, ...sizes);
      return attempt(async () => (await upload.complete(parts)).size);
    };
    return [
      await tried(),
      await tried(0),
      await tried(1),
      await tried(5 * MiB - 1, 1),
      await tried(5 * MiB, 5 * MiB + 1),
      await tried(5 * MiB + 1, 5 * MiB, 1),
      await tried(5 * MiB, 5 * MiB),
      await tried(5 * MiB, 0),
    ];
  },
  async refusals({ R2 }) {
    const { upload, parts } = await started(R2, 10);
    const [part] = parts;
    const elsewhere = R2.resumeMultipartUpload('other', upload.uploadId);
    const unknown = R2.resumeMultipartUpload('m', 'unknown');
    const long = R2.resumeMultipartUpload('k'.repeat(1025), 'unknown');
    const stream = new ReadableStream({ type: 'bytes', pull() {} });
    return [
      await outcomes(
        () => upload.uploadPart(0, 'x'),
        () => upload.uploadPart(10_001, 'x'),
        () => upload.uploadPart(-1, 'x'),
        () => upload.uploadPart('x', 'x'),
        () => upload.uploadPart(2.5, 'x').then(({ partNumber }) => partNumber),
        () => upload.uploadPart(10_000, 'x').then(({ partNumber }) => partNumber),
        () => upload.uploadPart(),
        () => upload.uploadPart(1),
        () => upload.uploadPart(3, null),
        () => upload.uploadPart(3, 7),
        () => upload.uploadPart(3, {}),
        () => upload.uploadPart(3, stream),
        () => upload.uploadPart(3, 'x', { ssecKey: 'zz' }),
        () => upload.uploadPart(3, 'x', { ssecKey: new Uint8Array(2) }),
        () => upload.uploadPart(3, 'x', 7),
      ),
      await outcomes(
        () => upload.complete(),
        () => upload.complete('x'),
        () => upload.complete([{}]),
        () => upload.complete([{ partNumber: 1 }]),
        () => upload.complete([{ partNumber: 0, etag: 'x' }]),
        () => upload.complete([{ partNumber: 10_001, etag: 'x' }]),
        () => upload.complete([{ partNumber: 1, etag: 'wrong' }]),
        () => upload.complete([{ partNumber: 7, etag: 'wrong' }]),
        () => upload.complete([part, part]),
        () => upload.complete([7]),
      ),
      await outcomes(
        () => elsewhere.uploadPart(1, 'x'),
        () => elsewhere.complete([part]),
        () => elsewhere.abort(),
        () => unknown.uploadPart(1, 'x'),
        () => unknown.complete([part]),
        () => unknown.abort(),
        () => long.uploadPart(1, 'x'),
        () => long.complete([part]),
        () => long.abort(),
      ),
      [
        attemptSync(() => R2.resumeMultipartUpload()),
        attemptSync(() => R2.resumeMultipartUpload('a')),
        attemptSync(() => R2.resumeMultipartUpload(7, 8).uploadId),
      ],
      await outcomes(
        () => R2.createMultipartUpload(),
        () => R2.createMultipartUpload('a', 7),
        () => R2.createMultipartUpload('a', { customMetadata: 7 }),
        () => R2.createMultipartUpload('a', { httpMetadata: 7 }),
        () => R2.createMultipartUpload('a', { ssecKey: 'zz' }),
      ),
      await attempt(async () => (await upload.complete([part])).size),
    ];
  },
  async abort({ R2 }) {
    const { upload, parts } = await started(R2, 10);
    return [
      await attempt(() => upload.abort()),
      await attempt(() => upload.abort()),
      await attempt(() => upload.uploadPart(1, 'x')),
      await attempt(() => upload.complete(parts)),
      await R2.head('m'),
    ];
  },
  async resume({ R2 }) {
    const { upload, parts } = await started(R2, 5 * MiB);
    const resumed = R2.resumeMultipartUpload('m', upload.uploadId);
    const last = await resumed.uploadPart(2, new Response('from a body').body);
    const done = await resumed.complete([...parts, last]);
    return [resumed.key, resumed.uploadId === upload.uploadId, plain(done)];
  },
  async replaces({ R2 }) {
    await R2.put('m', 'before');
    const before = await R2.get('m');
    const { upload, parts } = await started(R2, 5 * MiB, 3);
    await upload.complete(parts);
    const multipart = await R2.get('m');
    const { upload: second, parts: others } = await started(R2, 4);
    const done = await second.complete(others);
    const old = runs(await multipart.bytes());
    await R2.put('m', 'after');
    return [
      await before.text(),
      old,
      plain(done),
      await (await R2.get('m')).text(),
      await attempt(() => R2.delete('m')),
      await R2.head('m'),
    ];
  },
  async empty({ R2 }) {
    const upload = await R2.createMultipartUpload('m');
    return [
      await attempt(async () => plain(await upload.complete([]))),
      await attempt(async () => (await R2.get('m'))?.text()),
    ];
  },
  async begin({ R2 }) {
    const { upload, parts } = await started(R2, 5 * MiB);
    await R2.put('state', JSON.stringify({ id: upload.uploadId, parts }));
    return true;
  },
  async finish({ R2 }) {
    const { id, parts } = await (await R2.get('state')).json();
    const upload = R2.resumeMultipartUpload('m', id);
    parts.push(await upload.uploadPart(2, 'end'));
    return [plain(await upload.complete(parts)), runs(await (await R2.get('m')).bytes())];
  },
};

export default {
  async fetch(request, env) {
    if (!request.url.endsWith('keep')) await env.R2.delete(['m', 'state']);
    return answer(probes, request, env);
  },
};
