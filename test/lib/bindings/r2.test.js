// R2 beyond what conformance shows (S8.7.1): what stays in the store, old compatibility dates, what is not there.
'use strict';

const { kPartBytes } = require('../../../lib/bindings/blobs');
const { R2Store } = require('../../../lib/bindings/r2/r2-store');
const { makeR2Bucket } = require('../../../lib/bindings/r2/r2-bucket');
const { storeOf } = require('../../../lib/bindings/store');
const { Shard } = require('../../../lib/shard');
const { boundRuntime } = require('../../support/bound-project');
const { removeProjects } = require('../../support/project-files');
const { temporaryDirectory } = require('../../support/server');

/** @type {any} */
let runtime;
/** @type {Shard | undefined} */
let shard;
afterEach(async () => {
  await runtime?.close();
  await shard?.close();
  runtime = shard = undefined;
});
afterAll(removeProjects);

const config = { r2_buckets: [{ binding: 'R2', bucket_name: 'bucket' }] };
const large = (seed = 0) => new Uint8Array(kPartBytes * 2 + 5).map((_, i) => (i + seed) % 251);

class CountedStore extends R2Store {
  /** @type {any} */
  #sql;
  syncs = 0;

  /** @param {any} ctx @param {any} env */
  constructor(ctx, env) {
    const { storage } = ctx;
    super(ctx, env);
    this.#sql = storage.sql;
    const sync = storage.sync.bind(storage);
    storage.sync = () => {
      this.syncs += 1;
      return sync();
    };
  }

  counts() {
    const count = (/** @type {string} */ table) =>
      this.#sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n;
    return ['objects', 'parts', 'pending', 'upload_parts'].map(count);
  }

  countSyncs() {
    return this.syncs;
  }
}

/** @param {string} [dataDir] */
function bucket(dataDir) {
  shard = new Shard({ dataDir });
  const store = storeOf(shard, 'r2', CountedStore);
  shard.native.start();
  const call = (/** @type {string} */ method, /** @type {any[]} */ ...args) =>
    store.call('b', method, ...args);
  const R2 = makeR2Bucket(call, { r2_list_honor_include: true });
  return { R2, call };
}

test('a long text is encoded in pieces, none of which cuts a character', async () => {
  const { R2 } = bucket();
  for (const text of ['x' + '😀'.repeat(400_000), '€\ud800'.repeat(300_000), 'y'.repeat(350_000)]) {
    const { size } = await R2.put('k', text);
    expect(size).toBe(Buffer.byteLength(text));
    expect((await (await R2.get('k')).text()) === Buffer.from(text).toString()).toBe(true);
  }
});

test('nothing of what was replaced, refused or deleted stays', async () => {
  const { R2, call } = bucket();
  await R2.put('a', large());
  await R2.put('a', large(1));
  expect(await call('counts')).toEqual([1, 3, 0, 0]);
  await expect(R2.put('a', large(), { md5: '0'.repeat(32) })).rejects.toThrow('(10037)');
  expect(await R2.put('a', large(), { onlyIf: { etagMatches: 'other' } })).toBeNull();
  expect(await call('counts')).toEqual([1, 3, 0, 0]);
  expect(Buffer.compare(await (await R2.get('a')).bytes(), large(1))).toBe(0);
  await R2.delete('a');
  expect(await call('counts')).toEqual([0, 0, 0, 0]);
});

test('nothing of an upload that was aborted, or of parts that were not used, stays', async () => {
  const { R2, call } = bucket();
  const upload = await R2.createMultipartUpload('m');
  await upload.uploadPart(1, large());
  const part = await upload.uploadPart(1, large(1));
  await upload.uploadPart(2, large(2));
  expect(await call('counts')).toEqual([0, 6, 0, 2]);
  await upload.complete([part]);
  expect(await call('counts')).toEqual([1, 3, 0, 0]);
  const other = await R2.createMultipartUpload('m');
  await other.uploadPart(1, large());
  await other.abort();
  expect(await call('counts')).toEqual([1, 3, 0, 0]);
  expect((await (await R2.get('m')).bytes()).byteLength).toBe(large().byteLength);
});

test('a value that is being read stays until it was read, and then goes', async () => {
  const { R2, call } = bucket();
  await R2.put('a', large());
  const reader = (await R2.get('a')).body.getReader();
  await reader.read();
  const cancelled = await R2.get('a');
  await R2.delete('a');
  expect(await call('counts')).toEqual([0, 3, 1, 0]);
  await cancelled.body.cancel();
  while (!(await reader.read()).done);
  expect(await call('counts')).toEqual([0, 0, 0, 0]);
});

test('a long value is not read further than the disk takes it', async () => {
  const { R2, call } = bucket(temporaryDirectory('r2'));
  await R2.put('a', new Uint8Array(kPartBytes * 20));
  expect(await call('countSyncs')).toBe(2);
  await R2.put('a', new Uint8Array(kPartBytes));
  expect(await call('countSyncs')).toBe(2);
});

test('a compatibility date before include lists all metadata', async () => {
  runtime = await boundRuntime({ ...config, compatibility_date: '2022-08-01' });
  const { R2 } = runtime.env;
  await R2.put('a', 'v', { customMetadata: { n: '1' }, httpMetadata: { contentType: 't/x' } });
  const [{ customMetadata, httpMetadata }] = (await R2.list()).objects;
  expect(customMetadata).toEqual({ n: '1' });
  expect(httpMetadata.contentType).toBe('t/x');
});

test('a key of encryption is refused by its name: it is not silently ignored', async () => {
  runtime = await boundRuntime(config);
  const { R2 } = runtime.env;
  const ssecKey = new Uint8Array(32);
  const refusal = 'The option "ssecKey" of R2 is not supported by Holdfast';
  await expect(R2.put('a', 'v', { ssecKey })).rejects.toThrow(refusal);
  await expect(R2.get('a', { ssecKey: 'ab'.repeat(32) })).rejects.toThrow(refusal);
  await expect(R2.createMultipartUpload('a', { ssecKey })).rejects.toThrow(refusal);
  const upload = await R2.createMultipartUpload('a');
  await expect(upload.uploadPart(1, 'v', { ssecKey })).rejects.toThrow(refusal);
});

test('the bodies of objects have a length: one bucket can be copied into another', async () => {
  runtime = await boundRuntime({
    r2_buckets: [...config.r2_buckets, { binding: 'OTHER', bucket_name: 'other' }],
  });
  const { R2, OTHER } = runtime.env;
  await R2.put('a', large());
  const { body } = await R2.get('a', { range: { offset: 1 } });
  expect((await OTHER.put('b', body)).size).toBe(large().byteLength - 1);
});

test('buckets are told apart by their names, or by those of the bindings', async () => {
  runtime = await boundRuntime({
    r2_buckets: [{ binding: 'A' }, { binding: 'B', bucket_name: 'A' }, { binding: 'C' }],
  });
  const { A, B, C } = runtime.env;
  await A.put('k', 'v');
  expect(await (await B.get('k')).text()).toBe('v');
  expect(await C.get('k')).toBeNull();
});

test('the config is checked', async () => {
  await expect(boundRuntime({ r2_buckets: [{ bucket_name: 5 }] })).rejects.toThrow(
    '"r2_buckets[0]": entry should have a string "binding" field. the field "bucket_name", when present, should be a string.',
  );
});
