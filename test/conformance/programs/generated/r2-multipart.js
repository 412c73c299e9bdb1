// Multipart uploads to an R2 bucket in an order that a seed determines: parts that are missing, twice there, too small or of different
// sizes, uploads that were aborted, completed or never were.
import { attempt } from '../probe.js';
import { plain } from '../r2-shown.js';
import { Random } from '../random.js';
import { Step, brief, run } from './steps.js';

const steps = 14;
const PART = 5 * 1024 * 1024;

const keys = ['a', 'b', 'é/1'];
const sizes = { part: PART, larger: PART + 1, small: 3, empty: 0 };
const numbers = [1, 1, 1, 2, 2, 3, 4, 10_000, 10_001, 0, -1, 1.5, 'x', undefined];
const odd = { number: 5, none: undefined, object: {} };

class Uploads {
  log = [];
  #r;
  #bucket;
  /** @type {{name: string, upload: any, parts: any[]}[]} */
  #uploads = [];

  constructor(seed, bucket) {
    this.#r = new Random(seed);
    this.#bucket = bucket;
  }

  async run() {
    for (let i = 0; i < steps; i++) this.log.push(await run(this.#any()));
    for (const key of keys) {
      const object = await this.#bucket.get(key);
      if (object === null) continue;
      const bytes = new Uint8Array(await object.arrayBuffer());
      const ends = [bytes[0], bytes.at(-1)];
      this.log.push(`${key}: ${bytes.length} ${ends} ${brief([this.#shown(object)])}`);
    }
  }

  /** The tag of an object of parts depends on ids that differ. */
  #shown(object) {
    if (!object) return object;
    const { etag } = object;
    return {
      ...plain(object),
      etag: '',
      httpEtag: '',
      checksums: '',
      parts: /-(\d+)$/.exec(etag)?.[1],
    };
  }

  #create() {
    const key = this.#r.pick(keys);
    const options = this.#r.pick([
      undefined,
      { httpMetadata: { contentType: 'text/x' } },
      { customMetadata: { a: 'ü' } },
      { customMetadata: 5 },
    ]);
    return new Step(`create(${brief([key, options])})`, async () => {
      const upload = await this.#bucket.createMultipartUpload(key, options);
      const name = `upload${this.#uploads.length}`;
      this.#uploads.push({ name, upload, parts: [] });
      return [name, upload.key, typeof upload.uploadId];
    });
  }

  #resume() {
    const { name, upload } = this.#r.pick(this.#uploads);
    const key = this.#r.chance(80) ? upload.key : this.#r.pick(keys);
    const isKnown = this.#r.chance(80);
    return new Step(`resume(${key}, ${isKnown ? name : 'unknown'})`, () => {
      const resumed = this.#bucket.resumeMultipartUpload(
        key,
        isKnown ? upload.uploadId : 'unknown',
      );
      this.#uploads.push({ name: `${name} again`, upload: resumed, parts: [] });
      return [resumed.key, resumed.uploadId === upload.uploadId];
    });
  }

  #part() {
    const entry = this.#r.pick(this.#uploads);
    const number = this.#r.pick(numbers);
    const size = this.#r.pick(['part', 'part', 'part', 'larger', 'small', 'empty']);
    const fill = 1 + this.#r.below(9);
    const isOdd = this.#r.chance(5);
    const kind = isOdd ? this.#r.pick(Object.keys(odd)) : size;
    const isStream = this.#r.chance(15);
    return new Step(
      `${entry.name}.uploadPart(${number}, ${kind} of ${fill}${isStream ? ', a stream' : ''})`,
      async () => {
        const bytes = isOdd ? odd[kind] : new Uint8Array(sizes[size]).fill(fill);
        const value = isStream && !isOdd ? new Response(bytes).body : bytes;
        const part = await entry.upload.uploadPart(number, value);
        entry.parts.push(part);
        return [part.partNumber, typeof part.etag, Object.keys(part)];
      },
    );
  }

  #complete() {
    const entry = this.#r.pick(this.#uploads);
    let parts = [...entry.parts];
    const how = this.#r.pick([
      'all',
      'all',
      'all',
      'sorted',
      'sorted',
      'sorted',
      'first',
      'twice',
      'none',
      'wrong',
      'odd',
    ]);
    if (how === 'sorted') parts.sort((a, b) => a.partNumber - b.partNumber);
    if (how === 'first') parts = parts.slice(0, 1);
    if (how === 'twice') parts.push(...parts.slice(0, 1));
    if (how === 'none') parts = [];
    if (how === 'wrong') parts = parts.map((part) => ({ ...part, etag: 'wrong' }));
    if (how === 'odd') parts = this.#r.pick([undefined, 5, [{}], [5], [{ partNumber: 1 }]]);
    return new Step(
      `${entry.name}.complete(${how} ${brief([parts?.map?.((part) => part?.partNumber)])})`,
      async () => this.#shown(await entry.upload.complete(parts)),
    );
  }

  #any() {
    if (this.#uploads.length === 0) return this.#create();
    const entry = this.#r.pick(this.#uploads);
    const key = this.#r.pick(keys);
    return this.#r.weighted([
      [2, () => this.#create()],
      [2, () => this.#resume()],
      [9, () => this.#part()],
      [4, () => this.#complete()],
      [1, () => new Step(`${entry.name}.abort()`, () => entry.upload.abort())],
      [1, () => new Step(`delete(${key})`, () => this.#bucket.delete(key))],
      [
        1,
        () =>
          new Step(`head(${key})`, async () =>
            this.#shown(await attempt(() => this.#bucket.head(key))),
          ),
      ],
    ])();
  }
}

export default {
  async fetch(request, { R2 }) {
    await R2.delete(keys);
    const uploads = new Uploads(Number(new URL(request.url).pathname.slice(1)), R2);
    await uploads.run();
    return new Response(uploads.log.join('\n'));
  },
};
